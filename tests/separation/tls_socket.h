// A TLS connection as OpenSSL makes it, below gRPC and librdkafka: to try whom a door lets in, with
// any certificate and any version of TLS, and to speak to the broker without a client in between
// that checks first.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace exitbus::story {

struct TlsOptions {
  std::string address;           // host:port
  std::string ca_file;           // who may have signed the server's certificate; empty: anybody
  std::string certificate_file;  // shown to the server; empty: none
  std::string key_file;
  int version_max =
      0;  // TLS1_2_VERSION, …; 0: the newest. Old ones with whatever ciphers there are.
  std::string protocol;  // asked for by ALPN; empty: none
};

// Not thread-safe. Nothing waits longer than 10 s.
class TlsSocket {
 public:
  virtual ~TlsSocket() = default;

  // UNAVAILABLE: nobody listens. UNAUTHENTICATED: the handshake failed. With TLS 1.3 a server that
  // turns a client away says so only after it, at the first Read().
  static absl::StatusOr<std::unique_ptr<TlsSocket>> Connect(const TlsOptions& options);

  // UNAUTHENTICATED: the other side ended it.
  virtual absl::Status Write(std::string_view bytes) = 0;
  virtual absl::StatusOr<std::string> Read(std::size_t bytes) = 0;
};

}  // namespace exitbus::story
