#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>

#include <functional>
#include <istream>
#include <iterator>
#include <ostream>
#include <utility>

#include "absl/strings/match.h"
#include "adapters/grpc/grpc_client.h"
#include "adapters/sodium/sodium_crypto.h"
#include "adapters/system/system_clock.h"
#include "tools/exitctl/follow.h"
#include "tools/exitctl/handlers.h"
#include "tools/exitctl/inbox.h"
#include "tools/exitctl/methods.h"

namespace exitbus::exitctl {
namespace {

using google::protobuf::Message;
using google::protobuf::MethodDescriptor;

int Misused(const absl::Status& status, const Invocation& on) {
  return Misused(std::string(status.message()), on);
}

int CallWith(const Invocation& on, const MethodDescriptor& method, Message& request, Form form,
             bool whole_list) {
  return WithClient(on, [&](adapters::GrpcClient& client, const Profile& profile) {
    adapters::SodiumRandom random;
    return Call(client, method, request, profile, form, whole_list, random, on.terminal);
  });
}

Form FormOf(const Invocation& on) { return on.said.Has("--json") ? Form::kJson : Form::kText; }

int WatchWith(const Invocation& on, const MethodDescriptor& method) {
  Following following;
  following.token_file = on.said.Value("--token-file").value_or("");
  if (!following.token_file.empty()) {
    auto token = TokenIn(following.token_file);
    if (!token.ok()) return Misused(token.status(), on);
    following.token = *std::move(token);
  }
  return WithClient(on, [&](adapters::GrpcClient& client, const Profile& profile) {
    return PrintChanges(client, method, profile, following, FormOf(on), on.terminal);
  });
}

}  // namespace

int WithClient(const Invocation& on,
               const std::function<int(adapters::GrpcClient&, const Profile&)>& run) {
  const auto profile = ProfileOf(on.said, on.environment);
  if (!profile.ok()) return Misused(profile.status(), on);
  auto client = adapters::GrpcClient::Make({.address = profile->address,
                                            .ca_file = profile->ca,
                                            .certificate_file = profile->certificate,
                                            .key_file = profile->key,
                                            .server_name = profile->server_name});
  if (!client.ok()) return Misused(client.status(), on);
  return run(**client, *profile);
}

absl::StatusOr<int> CallFromTable(const Invocation& on) {
  Said said = on.said;
  // What must not stand in a process list or a shell's history.
  for (auto& [name, values] : said.values) {
    for (std::string& value : values) {
      if (!absl::StartsWith(name, "--") || value != "-") continue;
      if (!std::getline(on.terminal.in, value)) {
        return Misused(name + " - wants a line on standard input", on);
      }
    }
  }
  const Invocation whole{on.command, said, on.environment, on.terminal};
  const auto request = RequestOf(on.command, said, adapters::SystemClock().Now());
  if (!request.ok()) return Misused(request.status(), on);
  const MethodDescriptor& method = MethodNamed(on.command.method);
  if (IsWatch(method)) return WatchWith(whole, method);
  return CallWith(whole, method, **request, FormOf(on), true);
}

absl::StatusOr<int> CallByName(const Invocation& on) {
  const auto method = ResolveMethod(on.said["METHOD"]);
  if (!method.ok()) return Misused(method.status(), on);
  if (IsWatch(**method)) {
    return Misused((*method)->name() + " is a stream: see exitctl watch --help", on);
  }
  std::string json = on.said.Value("JSON").value_or("{}");
  if (json == "-") json.assign(std::istreambuf_iterator<char>(on.terminal.in), {});
  const auto request = RequestFromJson(**method, json);
  if (!request.ok()) return Misused(request.status(), on);
  return CallWith(on, **method, **request, Form::kJson, false);
}

absl::StatusOr<int> CallInbox(const Invocation& on) {
  return WithClient(on, [&](adapters::GrpcClient& client, const Profile& profile) {
    return PrintInbox(client, profile, FormOf(on), on.terminal);
  });
}

absl::StatusOr<int> PrintMethods(const Invocation& on) {
  on.terminal.out << DescribeMethods();
  return kDone;
}

absl::StatusOr<int> PrintDescription(const Invocation& on) {
  const auto text = Describe(on.said["NAME"]);
  if (!text.ok()) return Misused(text.status(), on);
  on.terminal.out << *text;
  return kDone;
}

}  // namespace exitbus::exitctl
