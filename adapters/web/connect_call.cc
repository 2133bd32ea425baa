#include "adapters/web/connect_call.h"

#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/time/time.h"
#include "adapters/api/admission.h"
#include "adapters/api/error_details.h"
#include "adapters/web/connect_error.h"
#include "adapters/web/gzip.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"
#include "google/protobuf/util/json_util.h"
#include "google/rpc/status.pb.h"
#include "services/exchange/ports/fault.h"

namespace exitbus::adapters {
namespace {

using google::protobuf::Message;

constexpr std::size_t kTimeoutDigitsMax = 10;
constexpr std::size_t kGzippedFrom = 1024;  // less gains nothing

google::rpc::Status StatusOf(absl::StatusCode code, const std::string& message) {
  google::rpc::Status status;
  status.set_code(static_cast<int>(code));
  status.set_message(message);
  return status;
}

HttpReply Error(absl::StatusCode code, const std::string& message) {
  return ConnectErrorReply(StatusOf(code, message));
}

// The media type without parameters; empty: with another character set than UTF-8.
std::string MediaType(const std::string& content_type) {
  const std::vector<std::string> parts = absl::StrSplit(absl::AsciiStrToLower(content_type), ';');
  for (std::size_t i = 1; i < parts.size(); ++i) {
    const std::string part(absl::StripAsciiWhitespace(parts[i]));
    if (part.rfind("charset=", 0) == 0 && part != "charset=utf-8" && part != "charset=\"utf-8\"") {
      return "";
    }
  }
  return std::string(absl::StripAsciiWhitespace(parts[0]));
}

std::unique_ptr<Message> NewRequest(const google::protobuf::MethodDescriptor& method) {
  const Message* prototype =
      google::protobuf::MessageFactory::generated_factory()->GetPrototype(method.input_type());
  if (prototype == nullptr) {
    exchange::ProgramFault("a method's request is not linked in", method.full_name());
  }
  return std::unique_ptr<Message>(prototype->New());
}

}  // namespace

std::shared_ptr<ConnectCall> ConnectCall::Open(HttpRequest request,
                                               std::shared_ptr<HttpExchange> exchange,
                                               std::shared_ptr<Loop> loop) {
  std::shared_ptr<ConnectCall> call(
      new ConnectCall(std::move(request), std::move(exchange), std::move(loop)));
  if (auto wrong = call->Wrong()) {
    call->exchange_->Reply(*std::move(wrong));
    return nullptr;
  }
  call->exchange_->OnGone([call = std::weak_ptr(call)] {
    const auto held = call.lock();
    if (held == nullptr) return;
    held->over_ = true;
    held->timer_ = nullptr;
  });
  if (call->timeout_ms_) {
    call->timer_ =
        call->loop_->After(absl::Milliseconds(*call->timeout_ms_), [call = std::weak_ptr(call)] {
          const auto held = call.lock();
          if (held == nullptr || held->over_.exchange(true)) return;
          held->Send(Error(absl::StatusCode::kDeadlineExceeded,
                           "No answer within the time that this call gave; ask again with the "
                           "same request id."));
        });
  }
  return call;
}

ConnectCall::ConnectCall(HttpRequest request, std::shared_ptr<HttpExchange> exchange,
                         std::shared_ptr<Loop> loop)
    : request_(std::move(request)), exchange_(std::move(exchange)), loop_(std::move(loop)) {}

std::optional<HttpReply> ConnectCall::Wrong() {
  if (request_.method != "POST") {
    HttpReply reply = PlainReply(405, "A method is called by POST.");
    reply.headers.emplace_back("Allow", "POST");
    return reply;
  }
  const std::string type = MediaType(request_.Header("content-type").value_or(""));
  if (type != "application/json" && type != "application/proto") {
    HttpReply reply = PlainReply(415, "Send application/json or application/proto.");
    reply.headers.emplace_back("Accept-Post", "application/json, application/proto");
    return reply;
  }
  codec_ = type == "application/json" ? Codec::kJson : Codec::kProto;
  if (request_.Header("connect-protocol-version").value_or("1") != "1") {
    return Error(absl::StatusCode::kInvalidArgument, "connect-protocol-version must be \"1\".");
  }
  const std::string coding = request_.Header("content-encoding").value_or("identity");
  if (coding != "gzip" && coding != "identity" && !coding.empty()) {
    return Error(absl::StatusCode::kUnimplemented,
                 "Of content encodings, \"gzip\" and \"identity\" are taken here.");
  }
  gzipped_ = coding == "gzip";
  takes_gzip_ = TakesGzip(request_.Header("accept-encoding").value_or(gzipped_ ? "gzip" : ""));
  if (const auto timeout = request_.Header("connect-timeout-ms")) {
    std::int64_t ms = 0;
    if (timeout->size() > kTimeoutDigitsMax || !absl::SimpleAtoi(*timeout, &ms) || ms < 0) {
      return Error(absl::StatusCode::kInvalidArgument,
                   "connect-timeout-ms is a whole number of at most 10 digits.");
    }
    timeout_ms_ = ms;
  }
  if (request_.too_large) {
    return Error(absl::StatusCode::kResourceExhausted, "The request is larger than max.");
  }
  return std::nullopt;
}

std::optional<std::string> ConnectCall::Content(std::size_t bytes_max) {
  if (!gzipped_ || request_.body.empty()) return request_.body;
  return Gunzipped(request_.body, bytes_max);
}

std::unique_ptr<Message> ConnectCall::Parse(const google::protobuf::MethodDescriptor& method,
                                            std::size_t bytes_max) {
  const auto content = Content(bytes_max);
  if (!content || content->size() > bytes_max) {
    Fail(StatusOf(absl::StatusCode::kResourceExhausted,
                  "The request is larger than max, or no gzip."));
    return nullptr;
  }
  std::unique_ptr<Message> message = NewRequest(method);
  if (codec_ == Codec::kProto) {
    if (message->ParseFromString(*content)) return message;
    Fail(DetailsOf(Malformed(method)));
    return nullptr;
  }
  // A field that is not known is refused: it may be an etag that was misspelt.
  const auto parsed = google::protobuf::util::JsonStringToMessage(*content, message.get());
  if (parsed.ok()) return message;
  exchange::Refusal refusal = Malformed(method);
  absl::StrAppend(&refusal.message, " As JSON: ", std::string(parsed.message()));
  Fail(DetailsOf(refusal));
  return nullptr;
}

void ConnectCall::Reply(std::unique_ptr<Message> message, HttpHeaders headers) {
  if (over_.exchange(true)) return;
  loop_->Post([self = shared_from_this(), message = std::move(message),
               headers = std::move(headers)]() mutable {
    HttpReply reply = self->Said(*message);
    for (auto& header : headers) reply.headers.push_back(std::move(header));
    self->Send(std::move(reply));
  });
}

HttpReply ConnectCall::Said(const Message& message) const {
  HttpReply reply;
  if (codec_ == Codec::kProto) {
    message.SerializeToString(&reply.body);
    reply.headers.emplace_back("Content-Type", "application/proto");
    return reply;
  }
  if (!google::protobuf::util::MessageToJsonString(message, &reply.body).ok()) {
    return Error(absl::StatusCode::kInternal, "The answer cannot be said in JSON.");
  }
  reply.headers.emplace_back("Content-Type", "application/json");
  return reply;
}

void ConnectCall::Fail(const google::rpc::Status& status, HttpHeaders headers) {
  if (over_.exchange(true)) return;
  HttpReply reply = ConnectErrorReply(status);
  for (auto& header : headers) reply.headers.push_back(std::move(header));
  loop_->Post([self = shared_from_this(), reply = std::move(reply)]() mutable {
    self->Send(std::move(reply));
  });
}

void ConnectCall::Send(HttpReply reply) {
  timer_ = nullptr;
  if (takes_gzip_ && reply.body.size() >= kGzippedFrom) {
    reply.body = Gzipped(reply.body);
    reply.headers.emplace_back("Content-Encoding", "gzip");
  }
  exchange_->Reply(std::move(reply));
}

}  // namespace exitbus::adapters
