#include "adapters/grpc/bound_service.h"

#include <memory>
#include <mutex>
#include <utility>
#include <variant>

#include "adapters/api/admission.h"
#include "adapters/grpc/bound_call.h"
#include "adapters/grpc/errors.h"
#include "google/protobuf/message.h"
#include "grpcpp/impl/codegen/server_callback_handlers.h"
#include "grpcpp/impl/rpc_service_method.h"
#include "grpcpp/server_context.h"
#include "grpcpp/support/byte_buffer.h"
#include "grpcpp/support/server_callback.h"
#include "services/exchange/ports/fault.h"

namespace exitbus::adapters {
namespace {

using exchange::Answer;
using exchange::Caller;
using exchange::Refusal;
using google::protobuf::Message;
using google::protobuf::MethodDescriptor;

// Ends a call exactly once, whoever comes first: the answer, or the caller going away. Until then
// gRPC keeps the reactor, the context and the response alive.
class Ending {
 public:
  Ending(grpc::ServerUnaryReactor* reactor, grpc::CallbackServerContext* context,
         grpc::ByteBuffer* response)
      : reactor_(reactor), context_(context), response_(response) {}

  void Reply(const Answer& answer) {
    grpc::ByteBuffer* response = nullptr;
    grpc::ServerUnaryReactor* reactor = Take(&response);
    if (reactor == nullptr) return;
    for (const auto& [key, value] : answer.notes) context_->AddInitialMetadata(key, value);
    reactor->Finish(Serialise(*answer.reply, response));
  }

  bool over() {
    const std::lock_guard<std::mutex> lock(mutex_);
    return reactor_ == nullptr;
  }

  void Fail(const grpc::Status& status) {
    grpc::ByteBuffer* response = nullptr;
    grpc::ServerUnaryReactor* reactor = Take(&response);
    if (reactor != nullptr) reactor->Finish(status);
  }

 private:
  grpc::ServerUnaryReactor* Take(grpc::ByteBuffer** response) {
    const std::lock_guard<std::mutex> lock(mutex_);
    *response = response_;
    return std::exchange(reactor_, nullptr);
  }

  std::mutex mutex_;
  grpc::ServerUnaryReactor* reactor_;  // null once ended
  grpc::CallbackServerContext* context_;
  grpc::ByteBuffer* response_;
};

class CallReactor final : public grpc::ServerUnaryReactor {
 public:
  CallReactor(grpc::CallbackServerContext* context, grpc::ByteBuffer* response)
      : ending_(std::make_shared<Ending>(this, context, response)) {}

  const std::shared_ptr<Ending>& ending() const { return ending_; }
  // Until the answer has gone.
  void Keep(CallsUnderWay::Place place) { place_ = std::move(place); }

  // Also when the server's shutdown deadline has passed: a call nobody answers must not hold it up.
  void OnCancel() override {
    // Ending the call may destroy this reactor.
    const std::shared_ptr<Ending> ending = ending_;
    ending->Fail(grpc::Status(grpc::StatusCode::CANCELLED, "The call was cancelled."));
  }
  void OnDone() override { delete this; }

 private:
  const std::shared_ptr<Ending> ending_;
  CallsUnderWay::Place place_;
};

// What the engine calls when it has decided. One that is dropped unanswered still ends the call.
class Reply {
 public:
  Reply(std::shared_ptr<Ending> ending, CallsUnderWay::Place place)
      : ending_(std::move(ending)), place_(std::move(place)) {}
  Reply(Reply&&) = default;
  Reply& operator=(Reply&&) = delete;
  ~Reply() {
    if (ending_ == nullptr) return;
    ending_->Fail(ToGrpcStatus(StoppingCall()));
  }

  void operator()(Answer answer) {
    const std::shared_ptr<Ending> ending = std::exchange(ending_, nullptr);
    if (answer.reply != nullptr) {
      ending->Reply(answer);
    } else {
      ending->Fail(ToGrpcStatus(answer.refusal));
    }
  }

 private:
  std::shared_ptr<Ending> ending_;
  CallsUnderWay::Place place_;
};

grpc::ServerUnaryReactor* Handle(const MethodDescriptor& method, Admission& admission,
                                 exchange::ApiHandler* handler,
                                 grpc::CallbackServerContext* context,
                                 const grpc::ByteBuffer* request, grpc::ByteBuffer* response) {
  auto* reactor = new CallReactor(context, response);  // deletes itself in OnDone
  const std::shared_ptr<Ending> ending = reactor->ending();
  auto caller = ReadCaller(*context, admission);
  if (const auto* refusal = std::get_if<Refusal>(&caller)) {
    ending->Fail(ToGrpcStatus(*refusal));
    return reactor;
  }
  auto place = admission.TakePlace(std::get<Caller>(caller));
  if (const auto* refusal = std::get_if<Refusal>(&place)) {
    ending->Fail(ToGrpcStatus(*refusal));
    return reactor;
  }
  reactor->Keep(std::get<CallsUnderWay::Place>(place));
  exchange::Call call;
  call.request = ParseRequest(method, *request);
  if (call.request == nullptr) {
    ending->Fail(ToGrpcStatus(Malformed(method)));
    return reactor;
  }
  call.method = method.full_name();
  call.caller = std::get<Caller>(std::move(caller));
  call.done = Reply(ending, std::get<CallsUnderWay::Place>(std::move(place)));
  call.abandoned = [ending] { return ending->over(); };
  admission.CountHandled();
  handler->Handle(std::move(call));
  return reactor;
}

}  // namespace

BoundService::BoundService(const google::protobuf::ServiceDescriptor& service, Admission* admission,
                           exchange::ApiHandler* handler)
    : admission_(admission) {
  for (int i = 0; i < service.method_count(); ++i) {
    const MethodDescriptor& method = *service.method(i);
    if (!method.client_streaming() && !method.server_streaming()) {
      AddUnary(method, handler);
    } else if (method.client_streaming() && method.server_streaming()) {
      AddWatch(method, handler);
    } else {
      exchange::ProgramFault("a method is neither unary nor a watch", method.full_name());
    }
  }
}

void BoundService::Add(const MethodDescriptor& method, grpc::internal::RpcMethod::RpcType type,
                       grpc::internal::MethodHandler* handler) {
  paths_.push_back("/" + method.service()->full_name() + "/" + method.name());
  AddMethod(new grpc::internal::RpcServiceMethod(paths_.back().c_str(), type, nullptr));
  MarkMethodRawCallback(method.index(), handler);
}

void BoundService::AddUnary(const MethodDescriptor& method, exchange::ApiHandler* handler) {
  Add(method, grpc::internal::RpcMethod::NORMAL_RPC,
      new grpc::internal::CallbackUnaryHandler<grpc::ByteBuffer, grpc::ByteBuffer>(
          [this, &method, handler](grpc::CallbackServerContext* context,
                                   const grpc::ByteBuffer* request, grpc::ByteBuffer* response) {
            return Handle(method, *admission_, handler, context, request, response);
          }));
}

void BoundService::AddWatch(const MethodDescriptor& method, exchange::ApiHandler* handler) {
  Add(method, grpc::internal::RpcMethod::BIDI_STREAMING,
      new grpc::internal::CallbackBidiHandler<grpc::ByteBuffer, grpc::ByteBuffer>(
          [this, &method, handler](grpc::CallbackServerContext* context) {
            return StartWatch(method, *admission_, handler, context, &watches_);
          }));
}

}  // namespace exitbus::adapters
