#include "adapters/grpc/server_fixture.h"

#include <arpa/inet.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <utility>

#include "absl/strings/str_cat.h"
#include "grpcpp/create_channel.h"
#include "grpcpp/generic/generic_stub.h"
#include "grpcpp/impl/codegen/client_unary_call.h"
#include "grpcpp/security/credentials.h"
#include "grpcpp/support/byte_buffer.h"

namespace exitbus::adapters {
namespace {

namespace fs = std::filesystem;

std::string Content(const fs::path& file) {
  std::string content(fs::file_size(file), '\0');
  std::unique_ptr<FILE, int (*)(FILE*)> in(std::fopen(file.c_str(), "rb"), &std::fclose);
  EXPECT_EQ(std::fread(content.data(), 1, content.size(), in.get()), content.size());
  return content;
}

std::string Bytes(grpc::ByteBuffer* buffer) {
  std::vector<grpc::Slice> slices;
  EXPECT_TRUE(buffer->Dump(&slices).ok());
  std::string bytes;
  for (const auto& slice : slices) {
    bytes.append(reinterpret_cast<const char*>(slice.begin()), slice.size());
  }
  return bytes;
}

}  // namespace

GrpcServerOptions ServerFixture::Options() {
  GrpcServerOptions options;
  options.address = "127.0.0.1:0";
  options.client_ca_file = Pki() / "clients-ca.crt";
  options.certificate_file = Pki() / "municipality-0183.crt";
  options.key_file = Pki() / "municipality-0183.key";
  options.services = {"exitbus.testing.v1.EchoService"};
  options.certificate_check_interval_s = 1;
  options.reflection = true;
  return options;
}

void ServerFixture::Start(const GrpcServerOptions& options, std::size_t calls_of_one_system_max) {
  server_.reset();
  admission_ =
      std::make_unique<Admission>("municipality-0183", calls_of_one_system_max, &telemetry_);
  auto server = GrpcServer::Start(options, admission_.get(), &handler_, &telemetry_);
  ASSERT_TRUE(server.ok()) << server.status();
  server_ = *std::move(server);
}

void ServerFixture::Revoke(std::set<std::string> listed) {
  admission_->SetRevoked(std::move(listed));
  server_->EndRevokedWatches();
}

std::unique_ptr<GrpcClient> ServerFixture::Client(const std::string& certificate) {
  GrpcClientOptions options;
  options.address = "127.0.0.1:" + std::to_string(server_->port());
  options.ca_file = Pki() / "authorities-ca.crt";
  options.server_name = "municipality-0183";
  if (!certificate.empty()) {
    options.certificate_file = Pki() / (certificate + ".crt");
    options.key_file = Pki() / (certificate + ".key");
  }
  auto client = GrpcClient::Make(options);
  EXPECT_TRUE(client.ok()) << client.status();
  return *std::move(client);
}

EchoRequest ServerFixture::Request(const std::string& text) {
  EchoRequest request;
  request.set_text(text);
  return request;
}

CallError ServerFixture::ErrorWith(const std::string& certificate) {
  CallOptions options;
  options.timeout = absl::Seconds(5);
  return ErrorOf(Client(certificate)->Call(kEcho, Request("x"), options).status());
}

grpc::Status ServerFixture::RawCall(
    const std::string& path, const std::string& bytes, std::string* reply,
    const std::vector<std::pair<std::string, std::string>>& metadata) {
  grpc::ClientContext context;
  for (const auto& [name, value] : metadata) context.AddMetadata(name, value);
  context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(5));
  grpc::Slice slice(bytes);
  grpc::ByteBuffer request(&slice, 1);
  grpc::ByteBuffer response;
  const auto status = grpc::internal::BlockingUnaryCall<grpc::ByteBuffer, grpc::ByteBuffer>(
      Channel().get(),
      grpc::internal::RpcMethod(path.c_str(), grpc::internal::RpcMethod::NORMAL_RPC), &context,
      request, &response);
  if (status.ok() && reply != nullptr) *reply = Bytes(&response);
  return status;
}

std::string ServerFixture::RawStreamCall(const std::string& path, const std::string& bytes) {
  grpc::GenericStub stub(Channel());
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(5));
  grpc::CompletionQueue queue;
  const auto next = [&queue] {
    void* tag = nullptr;
    bool ok = false;
    return queue.Next(&tag, &ok) && ok;
  };
  auto stream = stub.PrepareCall(&context, path, &queue);
  grpc::Slice slice(bytes);
  grpc::ByteBuffer response;
  stream->StartCall(nullptr);
  if (!next()) return {};
  stream->Write(grpc::ByteBuffer(&slice, 1), nullptr);
  if (!next()) return {};
  stream->Read(&response, nullptr);
  const bool read = next();
  grpc::Status status;
  context.TryCancel();
  stream->Finish(&status, nullptr);
  next();
  return read ? Bytes(&response) : std::string();
}

bool ServerFixture::HangsUpOn(const std::string& bytes, absl::Duration wait) {
  const int file = socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(static_cast<std::uint16_t>(server_->port()));
  EXPECT_EQ(connect(file, reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
  EXPECT_EQ(send(file, bytes.data(), bytes.size(), MSG_NOSIGNAL),
            static_cast<ssize_t>(bytes.size()));
  const timeval limit = absl::ToTimeval(wait);
  setsockopt(file, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
  char answer[256];
  ssize_t size = 1;
  while (size > 0) size = recv(file, answer, sizeof answer, 0);
  const bool over = size == 0 || errno == ECONNRESET;
  close(file);
  return over;
}

ServerFixture::HalfClosed ServerFixture::RawHalfClosed(const std::string& path,
                                                       const std::string& bytes) {
  grpc::GenericStub stub(Channel());
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(20));
  grpc::CompletionQueue queue;
  const auto next = [&queue] {
    void* tag = nullptr;
    bool ok = false;
    return queue.Next(&tag, &ok) && ok;
  };
  HalfClosed heard;
  auto stream = stub.PrepareCall(&context, path, &queue);
  grpc::Slice slice(bytes);
  stream->StartCall(nullptr);
  next();
  stream->WriteLast(grpc::ByteBuffer(&slice, 1), grpc::WriteOptions(), nullptr);
  next();
  for (grpc::ByteBuffer response;; ++heard.messages) {
    stream->Read(&response, nullptr);
    if (!next()) break;
  }
  stream->Finish(&heard.status, nullptr);
  next();
  return heard;
}

std::shared_ptr<grpc::Channel> ServerFixture::Channel() {
  grpc::SslCredentialsOptions ssl;
  ssl.pem_root_certs = Content(Pki() / "authorities-ca.crt");
  ssl.pem_cert_chain = Content(Pki() / absl::StrCat(kOurs, ".crt"));
  ssl.pem_private_key = Content(Pki() / absl::StrCat(kOurs, ".key"));
  return grpc::CreateChannel("127.0.0.1:" + std::to_string(server_->port()),
                             grpc::SslCredentials(ssl));
}

}  // namespace exitbus::adapters
