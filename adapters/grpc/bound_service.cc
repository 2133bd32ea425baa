#include "adapters/grpc/bound_service.h"

#include <cstdio>
#include <cstdlib>
#include <memory>
#include <mutex>
#include <string_view>
#include <utility>
#include <variant>

#include "adapters/grpc/caller.h"
#include "adapters/grpc/errors.h"
#include "google/protobuf/message.h"
#include "grpcpp/impl/codegen/proto_utils.h"
#include "grpcpp/impl/codegen/server_callback_handlers.h"
#include "grpcpp/impl/rpc_service_method.h"
#include "grpcpp/security/auth_context.h"
#include "grpcpp/server_context.h"
#include "grpcpp/support/byte_buffer.h"
#include "grpcpp/support/server_callback.h"

namespace exitbus::adapters {
namespace {

using exchange::Answer;
using exchange::Caller;
using exchange::Refusal;
using google::protobuf::Message;
using google::protobuf::MethodDescriptor;

grpc::Status Serialise(const Message& message, grpc::ByteBuffer* into) {
  bool own_buffer = false;
  return grpc::GenericSerialize<grpc::ProtoBufferWriter, Message>(message, into, &own_buffer);
}

// Ends a call exactly once, whoever comes first: the answer, or the caller going away. Until then
// gRPC keeps the reactor and the response alive.
class Ending {
 public:
  Ending(grpc::ServerUnaryReactor* reactor, grpc::ByteBuffer* response)
      : reactor_(reactor), response_(response) {}

  void Reply(const Message& reply) {
    grpc::ByteBuffer* response = nullptr;
    grpc::ServerUnaryReactor* reactor = Take(&response);
    if (reactor != nullptr) reactor->Finish(Serialise(reply, response));
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
  grpc::ByteBuffer* response_;
};

class CallReactor final : public grpc::ServerUnaryReactor {
 public:
  explicit CallReactor(grpc::ByteBuffer* response)
      : ending_(std::make_shared<Ending>(this, response)) {}

  const std::shared_ptr<Ending>& ending() const { return ending_; }

  // Also when the server's shutdown deadline has passed: a call nobody answers must not hold it up.
  void OnCancel() override {
    // Ending the call may destroy this reactor.
    const std::shared_ptr<Ending> ending = ending_;
    ending->Fail(grpc::Status(grpc::StatusCode::CANCELLED, "The call was cancelled."));
  }
  void OnDone() override { delete this; }

 private:
  const std::shared_ptr<Ending> ending_;
};

// What the engine calls when it has decided. One that is dropped unanswered still ends the call.
class Reply {
 public:
  explicit Reply(std::shared_ptr<Ending> ending) : ending_(std::move(ending)) {}
  Reply(Reply&&) = default;
  Reply& operator=(Reply&&) = delete;
  ~Reply() {
    if (ending_ == nullptr) return;
    ending_->Fail(ToGrpcStatus({.code = absl::StatusCode::kUnavailable,
                                .reason = "server.stopping",
                                .message = "The service is stopping; call again with the same "
                                           "request id.",
                                .metadata = {}}));
  }

  void operator()(Answer answer) {
    const std::shared_ptr<Ending> ending = std::exchange(ending_, nullptr);
    if (answer.reply != nullptr) {
      ending->Reply(*answer.reply);
    } else {
      ending->Fail(ToGrpcStatus(answer.refusal));
    }
  }

 private:
  std::shared_ptr<Ending> ending_;
};

std::string Metadata(const grpc::CallbackServerContext& context, const char* key) {
  const auto found = context.client_metadata().find(key);
  if (found == context.client_metadata().end()) return {};
  return std::string(found->second.data(), found->second.size());
}

std::variant<Caller, Refusal> ReadCaller(const grpc::CallbackServerContext& context,
                                         std::string_view authority) {
  std::string common_name;
  const auto values = context.auth_context()->FindPropertyValues("x509_common_name");
  if (values.size() == 1) common_name.assign(values[0].data(), values[0].size());
  auto caller = CallerFromCommonName(common_name, authority);
  if (auto* found = std::get_if<Caller>(&caller)) {
    found->employee = Metadata(context, "exitbus-employee");
    found->purpose = Metadata(context, "exitbus-purpose");
  }
  return caller;
}

std::unique_ptr<Message> NewRequest(const MethodDescriptor& method) {
  const Message* prototype =
      google::protobuf::MessageFactory::generated_factory()->GetPrototype(method.input_type());
  if (prototype == nullptr) {
    std::fprintf(stderr, "%s: its request type is not linked in\n", method.full_name().c_str());
    std::abort();
  }
  return std::unique_ptr<Message>(prototype->New());
}

grpc::ServerUnaryReactor* Handle(const MethodDescriptor& method, std::string_view authority,
                                 exchange::ApiHandler* handler,
                                 grpc::CallbackServerContext* context,
                                 const grpc::ByteBuffer* request, grpc::ByteBuffer* response) {
  auto* reactor = new CallReactor(response);  // deletes itself in OnDone
  const std::shared_ptr<Ending> ending = reactor->ending();
  auto caller = ReadCaller(*context, authority);
  if (const auto* refusal = std::get_if<Refusal>(&caller)) {
    ending->Fail(ToGrpcStatus(*refusal));
    return reactor;
  }
  exchange::Call call;
  call.request = NewRequest(method);
  grpc::ByteBuffer buffer(*request);  // shares the bytes; parsing consumes the copy
  if (!grpc::GenericDeserialize<grpc::ProtoBufferReader, Message>(&buffer, call.request.get())
           .ok()) {
    ending->Fail(
        ToGrpcStatus({.code = absl::StatusCode::kInvalidArgument,
                      .reason = "request.malformed",
                      .message = "The request is not a " + method.input_type()->full_name() + ".",
                      .metadata = {}}));
    return reactor;
  }
  call.method = method.full_name();
  call.caller = std::get<Caller>(std::move(caller));
  call.done = Reply(ending);
  handler->Handle(std::move(call));
  return reactor;
}

}  // namespace

BoundService::BoundService(const google::protobuf::ServiceDescriptor& service,
                           std::string authority, exchange::ApiHandler* handler)
    : authority_(std::move(authority)) {
  for (int i = 0; i < service.method_count(); ++i) AddUnary(*service.method(i), handler);
}

void BoundService::AddUnary(const MethodDescriptor& method, exchange::ApiHandler* handler) {
  if (method.client_streaming() || method.server_streaming()) {
    std::fprintf(stderr, "%s: only unary methods can be bound\n", method.full_name().c_str());
    std::abort();
  }
  paths_.push_back("/" + method.service()->full_name() + "/" + method.name());
  AddMethod(new grpc::internal::RpcServiceMethod(paths_.back().c_str(),
                                                 grpc::internal::RpcMethod::NORMAL_RPC, nullptr));
  MarkMethodRawCallback(
      method.index(),
      new grpc::internal::CallbackUnaryHandler<grpc::ByteBuffer, grpc::ByteBuffer>(
          [this, &method, handler](grpc::CallbackServerContext* context,
                                   const grpc::ByteBuffer* request, grpc::ByteBuffer* response) {
            return Handle(method, authority_, handler, context, request, response);
          }));
}

}  // namespace exitbus::adapters
