#include "adapters/web/web_api.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "adapters/api/admission.h"
#include "adapters/api/error_details.h"
#include "adapters/web/callers.h"
#include "adapters/web/connect_call.h"
#include "adapters/web/connect_error.h"
#include "adapters/web/gzip.h"
#include "adapters/web/static_files.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"
#include "google/rpc/status.pb.h"
#include "services/exchange/ports/status_macros.h"

namespace exitbus::adapters {
namespace {

using exchange::Refusal;
using google::protobuf::MethodDescriptor;

std::string PathOf(const MethodDescriptor& method) {
  return absl::StrCat("/", method.service()->full_name(), "/", method.name());
}

Refusal TooManyStreams() {
  return {.code = absl::StatusCode::kResourceExhausted,
          .reason = "watch.too_many_streams",
          .message = "As many event streams as may be are open here: close one, then try again.",
          .metadata = {}};
}

Refusal SessionEnded() {
  return {.code = absl::StatusCode::kUnauthenticated,
          .reason = "caller.session_ended",
          .message = "This session has ended: log in.",
          .metadata = {}};
}

// What the engine calls when it has decided. One that is dropped unanswered still ends the call.
class Answering {
 public:
  Answering(std::shared_ptr<ConnectCall> call, CallsUnderWay::Place place)
      : call_(std::move(call)), place_(std::move(place)) {}
  Answering(Answering&&) = default;
  Answering& operator=(Answering&&) = delete;
  ~Answering() {
    if (call_ != nullptr) call_->Fail(DetailsOf(StoppingCall()));
  }

  void operator()(exchange::Answer answer) {
    const std::shared_ptr<ConnectCall> call = std::exchange(call_, nullptr);
    if (answer.reply != nullptr) {
      call->Reply(std::move(answer.reply), std::move(answer.notes));
    } else {
      call->Fail(DetailsOf(answer.refusal));
    }
  }

 private:
  std::shared_ptr<ConnectCall> call_;
  CallsUnderWay::Place place_;
};

}  // namespace

absl::Status WebApi::Open() {
  for (const std::string& name : options_.services) {
    const auto* service =
        google::protobuf::DescriptorPool::generated_pool()->FindServiceByName(name);
    if (service == nullptr) {
      return absl::InvalidArgumentError(absl::StrCat("no service ", name, " in the contracts"));
    }
    for (int i = 0; i < service->method_count(); ++i) {
      const MethodDescriptor& method = *service->method(i);
      if (!method.client_streaming() && !method.server_streaming()) {
        methods_.emplace(PathOf(method), &method);
      } else if (const auto shape = ShapeOf(method)) {
        watches_.emplace(PathOf(method), *shape);
      }
    }
  }
  if (!options_.login) return absl::OkStatus();
  const LoginOptions& login = *options_.login;
  ASSIGN_OR_RETURN(auto provider, IdentityProvider::Make(login.issuer, login.audience, login.keys));
  login_ = std::make_unique<Login>(
      std::move(provider), login.session_max, login.sessions_max, admission_,
      [this](const std::string& key) {
        EndWatchesOf(
            [&](const auto& caller) { return caller.session && caller.session->key == key; },
            SessionEnded());
      });
  return absl::OkStatus();
}

void WebApi::Handle(HttpRequest request, std::shared_ptr<HttpExchange> exchange) {
  if (const auto method = methods_.find(request.path); method != methods_.end()) {
    return Call(*method->second, std::move(request), std::move(exchange));
  }
  if (const auto watch = watches_.find(request.path); watch != watches_.end()) {
    return Watch(watch->second, request, std::move(exchange));
  }
  if (login_ != nullptr && request.path == kSessionPath) return login_->Handle(request, *exchange);
  Page(request, *exchange);
}

void WebApi::Call(const MethodDescriptor& method, HttpRequest request,
                  std::shared_ptr<HttpExchange> exchange) {
  const auto call = ConnectCall::Open(std::move(request), std::move(exchange), loop_);
  if (call == nullptr) return;
  auto who = WhoCalls(call->request(), call->exchange(), sessions(), *admission_);
  if (const auto* refusal = std::get_if<Refusal>(&who)) return call->Fail(DetailsOf(*refusal));
  auto& caller = std::get<WebCaller>(who).caller;
  auto place = admission_->TakePlace(caller);
  if (const auto* refusal = std::get_if<Refusal>(&place)) return call->Fail(DetailsOf(*refusal));
  call->Keep(std::get<CallsUnderWay::Place>(place));
  exchange::Call handled;
  handled.request = call->Parse(method, options_.http.body_bytes_max);
  if (handled.request == nullptr) return;
  handled.method = method.full_name();
  handled.caller = std::move(caller);
  handled.done = Answering(call, std::get<CallsUnderWay::Place>(std::move(place)));
  handled.abandoned = [call] { return call->over(); };
  admission_->CountHandled();
  handler_->Handle(std::move(handled));
}

void WebApi::Watch(const WatchShape& shape, const HttpRequest& request,
                   std::shared_ptr<HttpExchange> exchange) {
  if (request.method != "GET") {
    HttpReply reply = PlainReply(405, "A watch is followed by GET, as an event stream.");
    reply.headers.emplace_back("Allow", "GET");
    return exchange->Reply(std::move(reply));
  }
  const auto refuse = [&](const Refusal& refusal) {
    exchange->Reply(ConnectErrorReply(DetailsOf(refusal)));
  };
  auto who = WhoCalls(request, *exchange, sessions(), *admission_);
  if (const auto* refusal = std::get_if<Refusal>(&who)) return refuse(*refusal);
  auto& caller = std::get<WebCaller>(who);
  if (stopping_) return refuse(StoppingWatch());
  if (streams_.size() >= options_.streams_max) {
    const Refusal refusal = TooManyStreams();
    admission_->CountRefused(refusal);
    return refuse(refusal);
  }
  // On reconnecting a browser says again what was asked first, and beside it where it was.
  std::string token = request.Parameter("token").value_or("");
  if (const auto last = request.Header("last-event-id")) token = *last;
  absl::Duration life = options_.stream_life;
  if (caller.session) life = std::min(life, caller.session->ends - absl::Now());
  const auto stream = std::make_shared<EventStream>(
      shape, std::move(caller), std::move(exchange), loop_,
      [this](EventStream* over) { streams_.erase(over->shared_from_this()); });
  streams_.insert(stream);
  admission_->CountHandled();
  stream->Begin(handler_, token, life);
}

void WebApi::Page(const HttpRequest& request, HttpExchange& exchange) const {
  if (options_.files_folder.empty()) {
    return exchange.Reply(PlainReply(404, "There is no such method here."));
  }
  if (request.method != "GET") {
    HttpReply reply =
        PlainReply(request.method == "POST" ? 404 : 405, "There is no such method here.");
    reply.headers.emplace_back("Allow", "GET");
    return exchange.Reply(std::move(reply));
  }
  exchange.Reply(StaticFile(options_.files_folder, request.path,
                            TakesGzip(request.Header("accept-encoding").value_or(""))));
}

void WebApi::EndRevokedWatches() {
  EndWatchesOf([this](const auto& caller) { return admission_->IsRevoked(caller.identity); },
               CertificateRevoked());
}

void WebApi::EndWatches() {
  stopping_ = true;
  EndWatchesOf([](const auto&) { return true; }, StoppingWatch());
}

void WebApi::EndWatchesOf(const std::function<bool(const WebCaller&)>& whose, const Refusal& why) {
  const auto streams = streams_;  // each takes itself out when it ends
  for (const auto& stream : streams) {
    if (whose(stream->caller())) stream->Stop(why);
  }
}

}  // namespace exitbus::adapters
