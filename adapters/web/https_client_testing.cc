#include "adapters/web/https_client_testing.h"

#include <arpa/inet.h>
#include <openssl/ssl.h>
#include <poll.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <array>
#include <cstdlib>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "adapters/api/api_testing.h"
#include "gtest/gtest.h"

namespace exitbus::adapters {

std::string HttpsReply::Header(const std::string& name) const {
  const auto found = headers.find(name);
  return found == headers.end() ? "" : found->second;
}

HttpsClient::HttpsClient(int port, const std::string& certificate, int tls_max)
    : port_(port), environment_(SSL_CTX_new(TLS_client_method())) {
  signal(SIGPIPE, SIG_IGN);  // who is hung up on reads of it
  const std::string ca = Pki() / "authorities-ca.crt";
  EXPECT_EQ(SSL_CTX_load_verify_locations(environment_, ca.c_str(), nullptr), 1);
  SSL_CTX_set_verify(environment_, SSL_VERIFY_PEER, nullptr);
  if (tls_max != 0) SSL_CTX_set_max_proto_version(environment_, tls_max);
  if (!certificate.empty()) {
    const std::string shown = Pki() / (certificate + ".crt");
    const std::string key = Pki() / (certificate + ".key");
    EXPECT_EQ(SSL_CTX_use_certificate_chain_file(environment_, shown.c_str()), 1);
    EXPECT_EQ(SSL_CTX_use_PrivateKey_file(environment_, key.c_str(), SSL_FILETYPE_PEM), 1);
  }
  connection_ = SSL_new(environment_);
  file_ = socket(AF_INET, SOCK_STREAM, 0);
  const timeval limit{10, 0};
  setsockopt(file_, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
  setsockopt(file_, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  SSL_set_fd(connection_, file_);
  connected_ = connect(file_, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0 &&
               SSL_connect(connection_) == 1;
}

HttpsClient::~HttpsClient() {
  SSL_free(connection_);
  SSL_CTX_free(environment_);
  close(file_);
}

bool HttpsClient::Send(const std::string& bytes) {
  return connected_ && SSL_write(connection_, bytes.data(), static_cast<int>(bytes.size())) > 0;
}

HttpsReply HttpsClient::Ask(const std::string& first_line,
                            const std::map<std::string, std::string>& headers,
                            const std::string& body) {
  std::string text = absl::StrCat(first_line, " HTTP/1.1\r\nHost: localhost:", port_, "\r\n");
  for (const auto& [name, value] : headers) absl::StrAppend(&text, name, ": ", value, "\r\n");
  if (!body.empty()) absl::StrAppend(&text, "Content-Length: ", body.size(), "\r\n");
  if (!Send(absl::StrCat(text, "\r\n", body))) return {};
  return Read();
}

HttpsReply HttpsClient::Post(const std::string& path, const std::string& type,
                             const std::string& body,
                             const std::map<std::string, std::string>& headers) {
  std::map<std::string, std::string> all = headers;
  all.emplace("Content-Type", type);
  return Ask("POST " + path, all, body);
}

HttpsReply HttpsClient::Get(const std::string& path,
                            const std::map<std::string, std::string>& headers) {
  return Ask("GET " + path, headers);
}

HttpsReply HttpsClient::Read() {
  HttpsReply reply;
  const std::string end = "\r\n\r\n";
  ReadUntil(end);
  const std::size_t head = read_.find(end);
  if (head == std::string::npos) return reply;
  std::size_t at = read_.find("\r\n");
  reply.status = std::atoi(read_.substr(9, 3).c_str());
  while (at < head) {
    const std::size_t next = read_.find("\r\n", at + 2);
    const std::string line = read_.substr(at + 2, next - at - 2);
    const std::size_t colon = line.find(": ");
    reply.headers.emplace(absl::AsciiStrToLower(line.substr(0, colon)), line.substr(colon + 2));
    at = next;
  }
  const std::size_t size =
      static_cast<std::size_t>(std::atol(reply.Header("content-length").c_str()));
  while (read_.size() < head + end.size() + size && More(absl::Seconds(10))) {
  }
  reply.body = read_.substr(head + end.size(), size);
  read_.erase(0, head + end.size() + size);
  return reply;
}

std::string HttpsClient::ReadUntil(const std::string& text, absl::Duration wait) {
  const absl::Time until = absl::Now() + wait;
  while (read_.find(text) == std::string::npos && More(until - absl::Now())) {
  }
  return read_;
}

bool HttpsClient::HangsUp(absl::Duration wait) {
  const absl::Time until = absl::Now() + wait;
  while (More(until - absl::Now())) {
  }
  return hung_up_;
}

bool HttpsClient::More(absl::Duration wait) {
  if (!connected_ || hung_up_) return false;
  pollfd ready{file_, POLLIN, 0};
  if (SSL_pending(connection_) == 0 &&
      poll(&ready, 1, std::max(0, static_cast<int>(absl::ToInt64Milliseconds(wait)))) <= 0) {
    return false;
  }
  std::array<char, 16384> bytes{};
  const int size = SSL_read(connection_, bytes.data(), bytes.size());
  hung_up_ = size <= 0;
  if (size > 0) read_.append(bytes.data(), static_cast<std::size_t>(size));
  return !hung_up_;
}

}  // namespace exitbus::adapters
