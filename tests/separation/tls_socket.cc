#include "tests/separation/tls_socket.h"

#include <netdb.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <array>
#include <utility>

#include "absl/strings/str_cat.h"

namespace exitbus::story {
namespace {

constexpr int kLimitSeconds = 10;

struct Free {
  void operator()(SSL_CTX* environment) const { SSL_CTX_free(environment); }
  void operator()(SSL* connection) const { SSL_free(connection); }
  void operator()(addrinfo* addresses) const { freeaddrinfo(addresses); }
};

std::string LastError() {
  std::array<char, 256> text{};
  const unsigned long error = ERR_get_error();
  if (error == 0) return "the connection was closed";
  ERR_error_string_n(error, text.data(), text.size());
  return text.data();
}

absl::StatusOr<int> Open(const std::string& address) {
  const std::size_t colon = address.rfind(':');
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  if (getaddrinfo(address.substr(0, colon).c_str(), address.substr(colon + 1).c_str(), &hints,
                  &found) != 0) {
    return absl::UnavailableError(absl::StrCat(address, ": no such address"));
  }
  const std::unique_ptr<addrinfo, Free> addresses(found);
  const int descriptor = socket(found->ai_family, found->ai_socktype, found->ai_protocol);
  const timeval limit{kLimitSeconds, 0};
  setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
  setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
  if (connect(descriptor, found->ai_addr, found->ai_addrlen) != 0) {
    close(descriptor);
    return absl::UnavailableError(absl::StrCat("nobody listens at ", address));
  }
  return descriptor;
}

bool Configure(const TlsOptions& options, SSL_CTX* environment) {
  // Old versions need what OpenSSL no longer offers by itself; the server is to refuse them.
  if (options.version_max != 0) {
    SSL_CTX_set_security_level(environment, 0);
    SSL_CTX_set_min_proto_version(environment, TLS1_VERSION);
    SSL_CTX_set_max_proto_version(environment, options.version_max);
    SSL_CTX_set_cipher_list(environment, "ALL:@SECLEVEL=0");
  }
  if (!options.ca_file.empty()) {
    SSL_CTX_set_verify(environment, SSL_VERIFY_PEER, nullptr);
    if (SSL_CTX_load_verify_locations(environment, options.ca_file.c_str(), nullptr) != 1)
      return false;
  }
  if (options.certificate_file.empty()) return true;
  return SSL_CTX_use_certificate_chain_file(environment, options.certificate_file.c_str()) == 1 &&
         SSL_CTX_use_PrivateKey_file(environment, options.key_file.c_str(), SSL_FILETYPE_PEM) == 1;
}

class Socket final : public TlsSocket {
 public:
  Socket(int descriptor, std::unique_ptr<SSL_CTX, Free> environment)
      : descriptor_(descriptor),
        environment_(std::move(environment)),
        connection_(SSL_new(environment_.get())) {}
  ~Socket() override {
    connection_.reset();
    close(descriptor_);
  }

  absl::Status Handshake(const std::string& protocol) {
    ERR_clear_error();
    SSL_set_fd(connection_.get(), descriptor_);
    if (!protocol.empty()) {
      const std::string wire =
          absl::StrCat(std::string(1, static_cast<char>(protocol.size())), protocol);
      SSL_set_alpn_protos(connection_.get(), reinterpret_cast<const unsigned char*>(wire.data()),
                          static_cast<unsigned>(wire.size()));
    }
    return SSL_connect(connection_.get()) == 1 ? absl::OkStatus() : Ended();
  }

  absl::Status Write(std::string_view bytes) override {
    ERR_clear_error();
    const int written = SSL_write(connection_.get(), bytes.data(), static_cast<int>(bytes.size()));
    return written == static_cast<int>(bytes.size()) ? absl::OkStatus() : Ended();
  }

  absl::StatusOr<std::string> Read(std::size_t bytes) override {
    ERR_clear_error();
    std::string all(bytes, '\0');
    std::size_t have = 0;
    while (have < bytes) {
      const int got =
          SSL_read(connection_.get(), all.data() + have, static_cast<int>(bytes - have));
      if (got <= 0) return Ended();
      have += static_cast<std::size_t>(got);
    }
    return all;
  }

 private:
  static absl::Status Ended() { return absl::UnauthenticatedError(LastError()); }

  const int descriptor_;
  const std::unique_ptr<SSL_CTX, Free> environment_;
  std::unique_ptr<SSL, Free> connection_;
};

}  // namespace

absl::StatusOr<std::unique_ptr<TlsSocket>> TlsSocket::Connect(const TlsOptions& options) {
  signal(SIGPIPE, SIG_IGN);  // writing to a connection that was ended is told by Write()
  std::unique_ptr<SSL_CTX, Free> environment(SSL_CTX_new(TLS_client_method()));
  if (!Configure(options, environment.get())) return absl::InvalidArgumentError(LastError());
  const auto descriptor = Open(options.address);
  if (!descriptor.ok()) return descriptor.status();
  auto socket = std::make_unique<Socket>(*descriptor, std::move(environment));
  if (auto status = socket->Handshake(options.protocol); !status.ok()) return status;
  return socket;
}

}  // namespace exitbus::story
