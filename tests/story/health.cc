#include "tests/story/health.h"

#include <grpcpp/create_channel.h>
#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/security/credentials.h>

#include <chrono>
#include <future>
#include <vector>

#include "adapters/directory/files.h"

namespace exitbus::story {
namespace {

constexpr std::chrono::seconds kPatience(2);
constexpr char kServing[] = "\x08\x01";  // HealthCheckResponse{status: SERVING}

// HealthCheckRequest{service}: field 1, of fewer than 128 bytes.
std::string RequestFor(const std::string& service) {
  if (service.empty()) return "";
  return std::string{'\x0a', static_cast<char>(service.size())} + service;
}

std::string Bytes(const grpc::ByteBuffer& buffer) {
  std::vector<grpc::Slice> slices;
  std::string bytes;
  if (!buffer.Valid() || !buffer.Dump(&slices).ok()) return bytes;
  for (const grpc::Slice& slice : slices) {
    bytes.append(reinterpret_cast<const char*>(slice.begin()), slice.size());
  }
  return bytes;
}

}  // namespace

Health AskHealth(const adapters::GrpcClientOptions& client, const std::string& service) {
  grpc::SslCredentialsOptions ssl;
  ssl.pem_root_certs = adapters::ReadFile(client.ca_file).value_or("");
  ssl.pem_cert_chain = adapters::ReadFile(client.certificate_file).value_or("");
  ssl.pem_private_key = adapters::ReadFile(client.key_file).value_or("");
  grpc::ChannelArguments arguments;
  if (!client.server_name.empty()) arguments.SetSslTargetNameOverride(client.server_name);
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);  // no back-off of an earlier failure
  grpc::GenericStub stub(
      grpc::CreateCustomChannel(client.address, grpc::SslCredentials(ssl), arguments));
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() + kPatience);
  const grpc::Slice content(RequestFor(service));
  grpc::ByteBuffer request(&content, 1);
  grpc::ByteBuffer response;
  std::promise<grpc::Status> ended;
  stub.UnaryCall(&context, "/grpc.health.v1.Health/Check", grpc::StubOptions(), &request, &response,
                 [&ended](grpc::Status status) { ended.set_value(std::move(status)); });
  if (!ended.get_future().get().ok()) return Health::kUnreachable;
  return Bytes(response) == kServing ? Health::kServing : Health::kNotServing;
}

}  // namespace exitbus::story
