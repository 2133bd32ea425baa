#include "adapters/grpc/bound_call.h"

#include <iterator>
#include <string>
#include <utility>

#include "adapters/api/admission.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"
#include "grpc/grpc_security_constants.h"
#include "grpcpp/impl/codegen/proto_utils.h"
#include "grpcpp/security/auth_context.h"
#include "grpcpp/server_context.h"
#include "services/exchange/ports/fault.h"

namespace exitbus::adapters {
namespace {

using google::protobuf::Message;

// Whether `key` is there at most once; `value` is what it says.
bool ReadOnce(const grpc::CallbackServerContext& context, const char* key, std::string& value) {
  const auto [first, last] = context.client_metadata().equal_range(key);
  if (first == last) return true;
  value.assign(first->second.data(), first->second.size());
  return std::next(first) == last;
}

}  // namespace

ClientCertificate CertificateOf(const grpc::CallbackServerContext& context, Admission& admission) {
  const auto pem = context.auth_context()->FindPropertyValues(GRPC_X509_PEM_CERT_PROPERTY_NAME);
  if (pem.size() != 1) return {};
  return admission.ReadCertificate(std::string(pem[0].data(), pem[0].size()));
}

std::variant<exchange::Caller, exchange::Refusal> ReadCaller(
    const grpc::CallbackServerContext& context, Admission& admission) {
  CallMetadata metadata;
  metadata.said_twice = !ReadOnce(context, "exitbus-employee", metadata.employee) ||
                        !ReadOnce(context, "exitbus-purpose", metadata.purpose) ||
                        !ReadOnce(context, "exitbus-remark", metadata.remark);
  return admission.Admit(CertificateOf(context, admission), std::move(metadata));
}

std::unique_ptr<Message> ParseRequest(const google::protobuf::MethodDescriptor& method,
                                      const grpc::ByteBuffer& bytes) {
  const Message* prototype =
      google::protobuf::MessageFactory::generated_factory()->GetPrototype(method.input_type());
  if (prototype == nullptr) {
    exchange::ProgramFault("a method's request is not linked in", method.full_name());
  }
  std::unique_ptr<Message> request(prototype->New());
  grpc::ByteBuffer buffer(bytes);  // shares the bytes; parsing consumes the copy
  if (!grpc::GenericDeserialize<grpc::ProtoBufferReader, Message>(&buffer, request.get()).ok()) {
    return nullptr;
  }
  return request;
}

grpc::Status Serialise(const Message& message, grpc::ByteBuffer* into) {
  bool own_buffer = false;
  return grpc::GenericSerialize<grpc::ProtoBufferWriter, Message>(message, into, &own_buffer);
}

}  // namespace exitbus::adapters
