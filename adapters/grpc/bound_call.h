// What every call over gRPC begins with: who calls, and what is asked. Internal to this folder.
#pragma once

#include <memory>
#include <variant>

#include "adapters/api/client_certificate.h"
#include "grpcpp/support/byte_buffer.h"
#include "grpcpp/support/status.h"
#include "services/exchange/ports/api.h"

namespace google::protobuf {
class Message;
class MethodDescriptor;
}  // namespace google::protobuf
namespace grpc {
class CallbackServerContext;
}

namespace exitbus::adapters {

class Admission;

ClientCertificate CertificateOf(const grpc::CallbackServerContext& context, Admission& admission);

// By the client's certificate and the call's metadata.
std::variant<exchange::Caller, exchange::Refusal> ReadCaller(
    const grpc::CallbackServerContext& context, Admission& admission);

// Null: these bytes are not a request of this method.
std::unique_ptr<google::protobuf::Message> ParseRequest(
    const google::protobuf::MethodDescriptor& method, const grpc::ByteBuffer& bytes);

grpc::Status Serialise(const google::protobuf::Message& message, grpc::ByteBuffer* into);

}  // namespace exitbus::adapters
