#include "tools/exitctl/follow.h"

#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>
#include <google/protobuf/util/time_util.h>

#include <ostream>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "adapters/directory/files.h"
#include "adapters/grpc/errors.h"
#include "adapters/grpc/grpc_client.h"
#include "services/exchange/ports/status_macros.h"
#include "tools/exitctl/methods.h"
#include "tools/exitctl/rendering.h"

namespace exitbus::exitctl {
namespace {

using google::protobuf::Message;
using google::protobuf::MethodDescriptor;

constexpr absl::Duration kLookEvery = absl::Minutes(1);
constexpr absl::Duration kAskEvery = absl::Milliseconds(200);

// A request of a watch: its part of this name, with the token.
std::unique_ptr<Message> Saying(const MethodDescriptor& method, const char* part,
                                const std::string& token) {
  std::unique_ptr<Message> request = NewRequest(method);
  Message* said = request->GetReflection()->MutableMessage(
      request.get(), method.input_type()->FindFieldByName(part));
  said->GetReflection()->SetString(said, said->GetDescriptor()->FindFieldByName("token"), token);
  return request;
}

std::string TokenOf(const Message& message) {
  return message.GetReflection()->GetString(message,
                                            message.GetDescriptor()->FindFieldByName("token"));
}

// One stream after another, from the token of what was dealt with last.
class Follower {
 public:
  Follower(adapters::GrpcClient& client, const MethodDescriptor& method, const Profile& profile,
           Following following)
      : client_(client), method_(method), profile_(profile), following_(std::move(following)) {}

  bool has_heard() const { return has_heard_; }
  bool has_enough() const { return following_.goes_on && !following_.goes_on(); }

  // Until `take` has, or there is, enough: OK; or the stream ends: why.
  absl::Status FollowStream(const std::function<bool(const Message&)>& take) {
    ASSIGN_OR_RETURN(auto watch, client_.Watch(method_.full_name(), OptionsOf(profile_)));
    absl::Status sent = watch->Send(*Saying(method_, "begin", following_.token));
    while (sent.ok()) {
      if (has_enough()) return absl::OkStatus();
      const auto message = watch->Next(following_.goes_on ? kAskEvery : kLookEvery);
      if (absl::IsDeadlineExceeded(message.status())) continue;
      if (!message.ok()) return message.status();
      has_heard_ = true;
      if (!take(**message)) return absl::OkStatus();
      RETURN_IF_ERROR(Keep(TokenOf(**message)));
      sent = watch->Send(*Saying(method_, "acknowledge", following_.token));
    }
    return sent;
  }

 private:
  absl::Status Keep(const std::string& token) {
    following_.token = token;
    if (following_.token_file.empty()) return absl::OkStatus();
    const absl::Status kept = adapters::ReplaceFile(following_.token_file, token);
    // Not to be taken for a lost connection.
    return kept.ok() ? kept : absl::FailedPreconditionError(kept.message());
  }

  adapters::GrpcClient& client_;
  const MethodDescriptor& method_;
  const Profile& profile_;
  Following following_;
  bool has_heard_ = false;
};

}  // namespace

absl::StatusOr<std::string> TokenIn(const std::string& file) {
  auto token = adapters::ReadFile(file);
  if (absl::IsNotFound(token.status())) return "";
  if (!token.ok()) return absl::InvalidArgumentError(token.status().message());
  return token;
}

bool IsWatch(const MethodDescriptor& method) {
  return method.client_streaming() && method.server_streaming();
}

absl::Status Follow(adapters::GrpcClient& client, const MethodDescriptor& method,
                    const Profile& profile, Following following,
                    const std::function<bool(const Message&)>& take, Terminal terminal) {
  const absl::Duration retry_after = following.retry_after;
  Follower follower(client, method, profile, std::move(following));
  while (true) {
    const absl::Status ended = follower.FollowStream(take);
    // Any end without a reason of the service's own is a lost connection, whatever its code; so is
    // one that is told to pass.
    const bool refused = !adapters::ErrorOf(ended).reason.empty() && !absl::IsUnavailable(ended);
    const bool lost = !ended.ok() && !refused && !absl::IsFailedPrecondition(ended);
    if (!lost || !follower.has_heard()) return ended;
    terminal.err << "the connection was lost; trying again" << std::endl;
    absl::SleepFor(retry_after);
    if (follower.has_enough()) return absl::OkStatus();
  }
}

int PrintChanges(adapters::GrpcClient& client, const MethodDescriptor& method,
                 const Profile& profile, const Following& following, Form form, Terminal terminal) {
  const auto print = [&](const Message& message) {
    terminal.out << (form == Form::kJson ? AsJsonLine(message) : ChangeAsText(message))
                 << std::flush;
    return terminal.out.good();
  };
  const absl::Status ended = Follow(client, method, profile, following, print, terminal);
  return ended.ok() ? kDone : PrintFailure(ended, terminal);
}

}  // namespace exitbus::exitctl
