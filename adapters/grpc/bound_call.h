// What every call over gRPC begins with: who calls, and what is asked. Internal to this folder.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <variant>

#include "adapters/grpc/calls_under_way.h"
#include "adapters/grpc/client_certificate.h"
#include "adapters/grpc/revoked_clients.h"
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

namespace exitbus::exchange {
class Telemetry;
}

namespace exitbus::adapters {

// What every call has to pass before anything handles it.
struct AdmissionCheck {
  std::string authority;  // ours: certificates that name another are refused
  RevokedClients revoked;
  mutable ClientCertificates certificates;
  exchange::Telemetry* telemetry;
  mutable CallsUnderWay under_way;
};

ClientCertificate CertificateOf(const grpc::CallbackServerContext& context,
                                const AdmissionCheck& admission);

// By the client's certificate and the call's metadata. Who is refused is counted as
// api.calls{outcome=<rule>}.
std::variant<exchange::Caller, exchange::Refusal> ReadCaller(
    const grpc::CallbackServerContext& context, const AdmissionCheck& admission);

// A place among the calls under way, or why there is none, which is counted in the same way. It is
// taken before the request is looked at.
std::variant<CallsUnderWay::Place, exchange::Refusal> TakePlace(const exchange::Caller& caller,
                                                                const AdmissionCheck& admission);

// Counts one that passed: api.calls{outcome="handled"}.
void CountHandled(const AdmissionCheck& admission);

// A name of metadata that counts once was there more than once.
exchange::Refusal SaidTwice();

// Also what ends a watch of a client whose certificate is revoked meanwhile.
exchange::Refusal CertificateRevoked();

// Null: these bytes are not a request of this method.
std::unique_ptr<google::protobuf::Message> ParseRequest(
    const google::protobuf::MethodDescriptor& method, const grpc::ByteBuffer& bytes);
exchange::Refusal Malformed(const google::protobuf::MethodDescriptor& method);

grpc::Status Serialise(const google::protobuf::Message& message, grpc::ByteBuffer* into);

// The service is going down; `then` says what to do when it is back.
exchange::Refusal Stopping(std::string_view then);

}  // namespace exitbus::adapters
