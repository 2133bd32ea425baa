#include "tests/separation/doors.h"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <openssl/ssl.h>
#include <poll.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "absl/strings/str_cat.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"
#include "tests/e2e/environment.h"
#include "tests/separation/kafka_wire.h"
#include "tests/tables/policy_tables.h"

namespace exitbus::story {
namespace {

constexpr int kAcceptLimitMs = 5000;
constexpr std::size_t kHttp2FrameHeaderBytes = 9;
// The client's preface and empty settings.
constexpr std::string_view kHttp2Greeting("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\4\0\0\0\0\0", 33);

// The list of its own service, or of those who handle cases.
std::string ReadOf(const Member& member) {
  for (const auto& [method, entry] : tables::MethodTable()) {
    if (method.starts_with(member.binary + ".v1.") && method.find(".List") != std::string::npos) {
      return "exitbus." + method;
    }
  }
  return "exitbus.handover.v1.HandoverService.ListHandovers";
}

// HTTP/2, to whoever asks for it.
int SelectHttp2(SSL*, const unsigned char** chosen, unsigned char* size, const unsigned char*,
                unsigned, void*) {
  static constexpr unsigned char kHttp2[] = {'h', '2'};
  *chosen = kHttp2;
  *size = sizeof kHttp2;
  return SSL_TLSEXT_ERR_OK;
}

bool Accept(int listener, const std::string& certificate_file, const std::string& key_file,
            int version_max) {
  pollfd ready{listener, POLLIN, 0};
  if (poll(&ready, 1, kAcceptLimitMs) != 1) return false;
  const int descriptor = accept(listener, nullptr, nullptr);
  const timeval limit{kAcceptLimitMs / 1000, 0};
  setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
  SSL_CTX* environment = SSL_CTX_new(TLS_server_method());
  SSL_CTX_use_certificate_chain_file(environment, certificate_file.c_str());
  SSL_CTX_use_PrivateKey_file(environment, key_file.c_str(), SSL_FILETYPE_PEM);
  SSL_CTX_set_alpn_select_cb(environment, SelectHttp2, nullptr);
  SSL_CTX_set_max_proto_version(environment, version_max);
  SSL* connection = SSL_new(environment);
  SSL_set_fd(connection, descriptor);
  // A client may look at the name only after the handshake, and then says nothing more.
  char first = 0;
  const bool taken = SSL_accept(connection) == 1 && SSL_read(connection, &first, 1) == 1;
  SSL_free(connection);
  SSL_CTX_free(environment);
  close(descriptor);
  return taken;
}

}  // namespace

TlsOptions ApiClient(const Member& member, const std::string& certificate) {
  const Places& places = TheDeployment().places();
  return {absl::StrCat(kApiHost, ":", TheDeployment().api_port(member)),
          places.authorities_ca(),
          certificate.empty() ? "" : places.certificate(certificate),
          certificate.empty() ? "" : places.key(certificate),
          0,
          "h2"};
}

absl::Status KnockAtApi(const TlsOptions& door) {
  const auto socket = TlsSocket::Connect(door);
  if (!socket.ok()) return socket.status();
  const absl::Status greeted = (*socket)->Write(kHttp2Greeting);
  return greeted.ok() ? (*socket)->Read(kHttp2FrameHeaderBytes).status() : greeted;
}

absl::Status KnockAtBroker(const TlsOptions& door) {
  const auto wire = KafkaWire::Connect(door);
  return wire.ok() ? (*wire)->Describe({}).status() : wire.status();
}

absl::Status AskApi(const Member& member, adapters::GrpcClient& client, absl::Duration timeout) {
  const std::string method = ReadOf(member);
  const auto* found = google::protobuf::DescriptorPool::generated_pool()->FindMethodByName(method);
  const std::unique_ptr<google::protobuf::Message> request(
      google::protobuf::MessageFactory::generated_factory()
          ->GetPrototype(found->input_type())
          ->New());
  adapters::CallOptions options;
  options.timeout = timeout;
  options.metadata = {{"exitbus-employee", "tester"}, {"exitbus-purpose", member.purpose}};
  return client.Call(method, *request, options).status();
}

FakeServer::FakeServer(const std::string& host, const std::string& certificate, int version_max)
    : listener_(socket(AF_INET, SOCK_STREAM, 0)) {
  signal(SIGPIPE, SIG_IGN);  // a client that goes at once is what this is for
  sockaddr_in any{};
  any.sin_family = AF_INET;
  EXPECT_EQ(inet_pton(AF_INET, host.c_str(), &any.sin_addr), 1);
  EXPECT_EQ(bind(listener_, reinterpret_cast<sockaddr*>(&any), sizeof any), 0);
  EXPECT_EQ(listen(listener_, 8), 0);
  socklen_t size = sizeof any;
  getsockname(listener_, reinterpret_cast<sockaddr*>(&any), &size);
  address_ = absl::StrCat(host, ":", ntohs(any.sin_port));
  const Places& places = TheDeployment().places();
  taken_ = std::async(std::launch::async, Accept, listener_, places.certificate(certificate),
                      places.key(certificate), version_max);
}

FakeServer::~FakeServer() {
  if (taken_.valid()) taken_.wait();
  close(listener_);
}

bool FakeServer::IsTaken() { return taken_.get(); }

}  // namespace exitbus::story
