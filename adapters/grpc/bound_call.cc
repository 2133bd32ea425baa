#include "adapters/grpc/bound_call.h"

#include <cstdio>
#include <cstdlib>
#include <string>

#include "absl/strings/str_cat.h"
#include "adapters/grpc/caller.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"
#include "grpcpp/impl/codegen/proto_utils.h"
#include "grpcpp/security/auth_context.h"
#include "grpcpp/server_context.h"

namespace exitbus::adapters {
namespace {

using google::protobuf::Message;

std::string Metadata(const grpc::CallbackServerContext& context, const char* key) {
  const auto found = context.client_metadata().find(key);
  if (found == context.client_metadata().end()) return {};
  return std::string(found->second.data(), found->second.size());
}

}  // namespace

std::variant<exchange::Caller, exchange::Refusal> ReadCaller(
    const grpc::CallbackServerContext& context, std::string_view authority) {
  std::string common_name;
  const auto values = context.auth_context()->FindPropertyValues("x509_common_name");
  if (values.size() == 1) common_name.assign(values[0].data(), values[0].size());
  auto caller = CallerFromCommonName(common_name, authority);
  if (auto* found = std::get_if<exchange::Caller>(&caller)) {
    found->employee = Metadata(context, "exitbus-employee");
    found->purpose = Metadata(context, "exitbus-purpose");
  }
  return caller;
}

std::unique_ptr<Message> ParseRequest(const google::protobuf::MethodDescriptor& method,
                                      const grpc::ByteBuffer& bytes) {
  const Message* prototype =
      google::protobuf::MessageFactory::generated_factory()->GetPrototype(method.input_type());
  if (prototype == nullptr) {
    std::fprintf(stderr, "%s: its request type is not linked in\n", method.full_name().c_str());
    std::abort();
  }
  std::unique_ptr<Message> request(prototype->New());
  grpc::ByteBuffer buffer(bytes);  // shares the bytes; parsing consumes the copy
  if (!grpc::GenericDeserialize<grpc::ProtoBufferReader, Message>(&buffer, request.get()).ok()) {
    return nullptr;
  }
  return request;
}

exchange::Refusal Malformed(const google::protobuf::MethodDescriptor& method) {
  return {.code = absl::StatusCode::kInvalidArgument,
          .reason = "request.malformed",
          .message = "The request is not a " + method.input_type()->full_name() + ".",
          .metadata = {}};
}

grpc::Status Serialise(const Message& message, grpc::ByteBuffer* into) {
  bool own_buffer = false;
  return grpc::GenericSerialize<grpc::ProtoBufferWriter, Message>(message, into, &own_buffer);
}

exchange::Refusal Stopping(std::string_view then) {
  return {.code = absl::StatusCode::kUnavailable,
          .reason = "server.stopping",
          .message = absl::StrCat("The service is stopping; ", std::string(then)),
          .metadata = {}};
}

}  // namespace exitbus::adapters
