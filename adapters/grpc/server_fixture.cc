#include "adapters/grpc/server_fixture.h"

#include <arpa/inet.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstdlib>
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

void Certificates(const fs::path& dir, const std::string& arguments) {
  const std::string command = "tools/certificates --dir " + dir.string() + " " + arguments;
  ASSERT_EQ(std::system(command.c_str()), 0) << command;
}

class RemovePki final : public ::testing::Environment {
 public:
  void TearDown() override { fs::remove_all(Pki()); }
};
const auto* const kRemovePki = ::testing::AddGlobalTestEnvironment(new RemovePki);

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

const fs::path& Pki() {
  static const fs::path dir = [] {
    std::string name = fs::temp_directory_path() / "exitbus-grpc-XXXXXX";
    const fs::path made = ::mkdtemp(name.data());
    Certificates(made, "init");
    Certificates(made, "issue-authority municipality-0183");
    Certificates(
        made, absl::StrCat("issue-client malformed municipality-0461.a.b ", kOurs, " ", kAnother));
    Certificates(made, std::string("--as two-names --second-name municipality-0183.a.auditor ") +
                           "issue-client " + kOurs);
    Certificates(made, std::string("--as expired --expired issue-client ") + kOurs);
    Certificates(made, std::string("--as foreign --foreign-ca issue-client ") + kOurs);
    return made;
  }();
  return dir;
}

std::string FingerprintFile(const std::string& certificate) {
  const std::string command = "openssl x509 -in " + (Pki() / (certificate + ".crt")).string() +
                              " -outform DER | openssl dgst -sha256 -r | cut -c -64";
  const std::unique_ptr<FILE, int (*)(FILE*)> pipe(::popen(command.c_str(), "r"), &::pclose);
  std::string digits(64, '\0');
  EXPECT_EQ(std::fread(digits.data(), 1, digits.size(), pipe.get()), digits.size());
  return digits;
}

void FakeHandler::Handle(Call call) {
  std::function<void(Call)> act;
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    callers_.push_back(call.caller);
    act = act_;
  }
  if (act) {
    act(std::move(call));
  } else {
    Echo(std::move(call));
  }
}

std::unique_ptr<exchange::WatchSession> FakeHandler::Watch(exchange::WatchCall call) {
  WatchAct act;
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    callers_.push_back(call.caller);
    act = watch_act_;
  }
  return act(std::move(call));
}

void FakeHandler::Echo(Call call) {
  auto reply = std::make_unique<EchoResponse>();
  reply->set_text(static_cast<const EchoRequest&>(*call.request).text());
  call.done({.reply = std::move(reply), .refusal = {}});
}

void FakeHandler::Do(std::function<void(Call)> act) {
  const std::lock_guard<std::mutex> lock(mutex_);
  act_ = std::move(act);
}

void FakeHandler::DoWatch(WatchAct act) {
  const std::lock_guard<std::mutex> lock(mutex_);
  watch_act_ = std::move(act);
}

std::vector<exchange::Caller> FakeHandler::callers() {
  const std::lock_guard<std::mutex> lock(mutex_);
  return callers_;
}

GrpcServerOptions ServerFixture::Options() {
  GrpcServerOptions options;
  options.address = "127.0.0.1:0";
  options.authority = "municipality-0183";
  options.client_ca_file = Pki() / "clients-ca.crt";
  options.certificate_file = Pki() / "municipality-0183.crt";
  options.key_file = Pki() / "municipality-0183.key";
  options.services = {"exitbus.testing.v1.EchoService"};
  options.certificate_check_interval_s = 1;
  options.reflection = true;
  return options;
}

void ServerFixture::Start(const GrpcServerOptions& options) {
  server_.reset();
  auto server = GrpcServer::Start(options, &handler_, &telemetry_);
  ASSERT_TRUE(server.ok()) << server.status();
  server_ = *std::move(server);
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
