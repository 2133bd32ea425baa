#include "tests/separation/raw_caller.h"

#include <grpcpp/create_channel.h>
#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/security/credentials.h>

#include <chrono>
#include <future>
#include <thread>
#include <vector>

#include "adapters/directory/files.h"
#include "adapters/grpc/errors.h"

namespace exitbus::story {
namespace {

constexpr std::chrono::seconds kPatience(20);
constexpr std::chrono::milliseconds kBetween(20);

std::string Bytes(const grpc::ByteBuffer& buffer) {
  std::vector<grpc::Slice> slices;
  std::string bytes;
  if (!buffer.Valid() || !buffer.Dump(&slices).ok()) return bytes;
  for (const grpc::Slice& slice : slices) {
    bytes.append(reinterpret_cast<const char*>(slice.begin()), slice.size());
  }
  return bytes;
}

void Take(const std::multimap<grpc::string_ref, grpc::string_ref>& from,
          std::multimap<std::string, std::string>& into) {
  for (const auto& [key, value] : from) {
    into.emplace(std::string(key.data(), key.size()), std::string(value.data(), value.size()));
  }
}

std::shared_ptr<grpc::Channel> ChannelFor(const adapters::GrpcClientOptions& options) {
  grpc::SslCredentialsOptions ssl;
  ssl.pem_root_certs = adapters::ReadFile(options.ca_file).value_or("");
  ssl.pem_cert_chain = adapters::ReadFile(options.certificate_file).value_or("");
  ssl.pem_private_key = adapters::ReadFile(options.key_file).value_or("");
  grpc::ChannelArguments arguments;
  arguments.SetSslTargetNameOverride(options.server_name);
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  return grpc::CreateCustomChannel(options.address, grpc::SslCredentials(ssl), arguments);
}

}  // namespace

RawCaller::RawCaller(const adapters::GrpcClientOptions& options) : channel_(ChannelFor(options)) {}

// A place among a system's calls is given back a moment after the answer has gone. All callers here
// are one system, and where a machine is busy the moments add up: it calls again, as it is told to.
RawAnswer RawCaller::Call(const std::string& method, const std::string& request,
                          const std::string& employee, const std::string& purpose) const {
  const auto until = std::chrono::steady_clock::now() + kPatience;
  RawAnswer answer = CallOnce(method, request, employee, purpose);
  while (answer.Rule() == "caller.too_many_under_way" && std::chrono::steady_clock::now() < until) {
    std::this_thread::sleep_for(kBetween);
    answer = CallOnce(method, request, employee, purpose);
  }
  return answer;
}

RawAnswer RawCaller::CallOnce(const std::string& method, const std::string& request,
                              const std::string& employee, const std::string& purpose) const {
  const std::size_t dot = method.rfind('.');
  const std::string path = "/" + method.substr(0, dot) + "/" + method.substr(dot + 1);
  grpc::ClientContext environment;
  environment.set_deadline(std::chrono::system_clock::now() + kPatience);
  if (!employee.empty()) environment.AddMetadata("exitbus-employee", employee);
  if (!purpose.empty()) environment.AddMetadata("exitbus-purpose", purpose);
  const grpc::Slice content(request);
  grpc::ByteBuffer sent(&content, 1);
  grpc::ByteBuffer response;
  std::promise<grpc::Status> ended;
  grpc::GenericStub stub(channel_);
  stub.UnaryCall(&environment, path, grpc::StubOptions(), &sent, &response,
                 [&ended](grpc::Status status) { ended.set_value(std::move(status)); });
  const grpc::Status status = ended.get_future().get();
  RawAnswer answer{
      status.error_code(), status.error_message(), status.error_details(), {}, Bytes(response)};
  Take(environment.GetServerInitialMetadata(), answer.metadata);
  Take(environment.GetServerTrailingMetadata(), answer.metadata);
  return answer;
}

std::string RawAnswer::Rule() const {
  return adapters::ErrorOf(adapters::FromGrpcStatus(
                               grpc::Status(static_cast<grpc::StatusCode>(code), message, details)))
      .reason;
}

}  // namespace exitbus::story
