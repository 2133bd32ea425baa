// The listener for browsers and for whoever speaks plain HTTPS: an authority's methods by the
// Connect protocol, its watches as Server-Sent Events, and the pages of a folder. The calls are
// those of the gRPC listener, past the same admission and into the same handler.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "adapters/web/http_server.h"

namespace exitbus::exchange {
class ApiHandler;
}

namespace exitbus::adapters {

struct LoginOptions {
  std::string issuer;             // as the tokens say
  std::string audience;           // as they say of us
  std::vector<std::string> keys;  // of who signs them: public, in PEM
  absl::Duration session_max = absl::Hours(8);
  std::size_t sessions_max = 1000;
};

struct WebServerOptions {
  HttpServerOptions http;             // asks for a certificate unless there is a login
  std::vector<std::string> services;  // full names
  std::optional<LoginOptions> login;
  std::string files_folder;  // empty: no pages
  std::size_t streams_max = 64;
  absl::Duration stream_life = absl::Minutes(30);
};

class WebServer {
 public:
  virtual ~WebServer() = default;  // shuts down at once if Shutdown() was not called

  // Listens when it returns. `admission`, `handler` and `telemetry` outlive it. INVALID_ARGUMENT:
  // no such service, or a file or key that cannot be used. FAILED_PRECONDITION: cannot listen
  // there.
  static absl::StatusOr<std::unique_ptr<WebServer>> Start(WebServerOptions options,
                                                          Admission* admission,
                                                          exchange::ApiHandler* handler,
                                                          exchange::Telemetry* telemetry);

  virtual int port() const = 0;

  // As GrpcServer's. Thread-safe.
  virtual void EndRevokedWatches() = 0;
  // As HttpServer's. Thread-safe.
  virtual absl::Status RenewCertificates() = 0;
  // As GrpcServer's.
  virtual void Shutdown(absl::Time deadline) = 0;
};

}  // namespace exitbus::adapters
