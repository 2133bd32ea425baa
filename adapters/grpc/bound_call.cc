#include "adapters/grpc/bound_call.h"

#include <iterator>
#include <string>

#include "absl/strings/str_cat.h"
#include "adapters/grpc/caller.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"
#include "grpc/grpc_security_constants.h"
#include "grpcpp/impl/codegen/proto_utils.h"
#include "grpcpp/security/auth_context.h"
#include "grpcpp/server_context.h"
#include "services/exchange/ports/fault.h"
#include "services/exchange/ports/telemetry.h"

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

void Count(const AdmissionCheck& admission, const std::string& outcome) {
  admission.telemetry->Count("api.calls", {{"outcome", outcome}});
}

}  // namespace

ClientCertificate CertificateOf(const grpc::CallbackServerContext& context,
                                const AdmissionCheck& admission) {
  const auto pem = context.auth_context()->FindPropertyValues(GRPC_X509_PEM_CERT_PROPERTY_NAME);
  if (pem.size() != 1) return {};
  return admission.certificates.Read(std::string(pem[0].data(), pem[0].size()));
}

std::variant<exchange::Caller, exchange::Refusal> ReadCaller(
    const grpc::CallbackServerContext& context, const AdmissionCheck& admission) {
  const ClientCertificate certificate = CertificateOf(context, admission);
  if (admission.revoked.Includes(certificate)) {
    exchange::Refusal refusal = CertificateRevoked();
    Count(admission, refusal.reason);
    return refusal;
  }
  auto caller = CallerFromCommonName(certificate.common_name, admission.authority);
  if (auto* found = std::get_if<exchange::Caller>(&caller)) {
    if (!ReadOnce(context, "exitbus-employee", found->employee) ||
        !ReadOnce(context, "exitbus-purpose", found->purpose) ||
        !ReadOnce(context, "exitbus-remark", found->remark)) {
      caller = SaidTwice();
    }
  }
  if (const auto* refusal = std::get_if<exchange::Refusal>(&caller))
    Count(admission, refusal->reason);
  return caller;
}

std::variant<CallsUnderWay::Place, exchange::Refusal> TakePlace(const exchange::Caller& caller,
                                                                const AdmissionCheck& admission) {
  if (CallsUnderWay::Place place = admission.under_way.Take(caller.system)) return place;
  exchange::Refusal refusal{
      .code = absl::StatusCode::kResourceExhausted,
      .reason = "caller.too_many_under_way",
      .message = absl::StrCat("Nothing was done: your system has ",
                              admission.under_way.of_one_system_max(),
                              " calls under way, which is its share. Read the answers, then call "
                              "again."),
      .metadata = {}};
  Count(admission, refusal.reason);
  return refusal;
}

void CountHandled(const AdmissionCheck& admission) { Count(admission, "handled"); }

exchange::Refusal SaidTwice() {
  return {
      .code = absl::StatusCode::kInvalidArgument,
      .reason = "caller.metadata_twice",
      .message = "Send \"exitbus-employee\", \"exitbus-purpose\" and \"exitbus-remark\" once each.",
      .metadata = {}};
}

exchange::Refusal CertificateRevoked() {
  return {.code = absl::StatusCode::kUnauthenticated,
          .reason = "caller.certificate_revoked",
          .message = "This client certificate was revoked; have a new one issued.",
          .metadata = {}};
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

exchange::Refusal Malformed(const google::protobuf::MethodDescriptor& method) {
  return {.code = absl::StatusCode::kInvalidArgument,
          .reason = "request.malformed",
          .message = "The request is not a " + method.input_type()->full_name() +
                     ", whose texts are UTF-8.",
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
