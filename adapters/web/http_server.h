// HTTP/1.1 over TLS 1.3 for few clients: one thread, everything on it bounded. Internal to this
// folder.
#pragma once

#include <cstddef>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "adapters/web/http.h"
#include "adapters/web/loop.h"

namespace exitbus::exchange {
class Telemetry;
}

namespace exitbus::adapters {

class Admission;

struct HttpServerOptions {
  std::string address;           // host:port; port 0 takes a free one
  std::string certificate_file;  // our own (PEM)
  std::string key_file;          // its private key (PEM)
  std::string client_ca_file;    // whose client certificates are accepted (PEM); empty: nobody's
  bool certificate_required = true;

  std::size_t body_bytes_max = 256 * 1024;
  std::size_t connections_max = 200;
  absl::Duration handshake_within = absl::Seconds(5);
  absl::Duration idle_max = absl::Seconds(60);        // between two requests
  absl::Duration request_within = absl::Seconds(20);  // from its first byte to its last
  absl::Duration write_within = absl::Seconds(60);    // a reply, or a piece of a stream
  // After this a client has to connect again, by when the certificates of both are looked at anew.
  absl::Duration connection_age_max = absl::Minutes(30);
};

class HttpHandler {
 public:
  virtual ~HttpHandler() = default;
  // On the loop's thread; never blocks.
  virtual void Handle(HttpRequest request, std::shared_ptr<HttpExchange> exchange) = 0;
};

class HttpServer {
 public:
  virtual ~HttpServer() = default;  // shuts down at once if Shutdown() was not called

  // Listens when it returns, and takes connections once Serve() was called. `admission`, which
  // reads certificates, `handler` and `telemetry` outlive it. INVALID_ARGUMENT: a file that cannot
  // be used. FAILED_PRECONDITION: cannot listen there.
  static absl::StatusOr<std::unique_ptr<HttpServer>> Listen(const HttpServerOptions& options,
                                                            Admission* admission,
                                                            HttpHandler* handler,
                                                            exchange::Telemetry* telemetry);

  virtual void Serve() = 0;
  virtual int port() const = 0;
  virtual std::shared_ptr<Loop> loop() const = 0;

  // Reads the three files again, for connections from now on; those before stay in force if they
  // cannot be used. Thread-safe.
  virtual absl::Status RenewCertificates() = 0;

  // Takes no new request, lets those under way finish until `deadline`, and blocks until then at
  // most. Nothing runs on the loop after it returns.
  virtual void Shutdown(absl::Time deadline) = 0;
};

}  // namespace exitbus::adapters
