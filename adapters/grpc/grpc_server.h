// The listener an authority's own systems call. TLS with client certificates only; offers the named
// services, grpc.health.v1 and, where enabled, server reflection.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"

namespace exitbus::exchange {
class ApiHandler;
class Telemetry;
}  // namespace exitbus::exchange

namespace exitbus::adapters {

class Admission;

struct GrpcServerOptions {
  std::string address;                // host:port; port 0 takes a free one
  std::string client_ca_file;         // whose client certificates are accepted (PEM)
  std::string certificate_file;       // our own (PEM)
  std::string key_file;               // its private key (PEM)
  std::vector<std::string> services;  // full names, e.g. "exitbus.handover.v1.HandoverService"
  bool reflection = false;

  // The three files are read again when they change, and looked at this often. Replace them by
  // renaming; a connection made between two renames may be refused once.
  int certificate_check_interval_s = 10;
  int request_bytes_max = 256 * 1024;
  int concurrent_calls_per_connection_max = 200;
  // A connection that has not shown a certificate and begun HTTP/2 by then is ended.
  absl::Duration handshake_within = absl::Seconds(5);
  // After this a client has to connect again, by when the certificates of both are looked at anew.
  // What is under way then has a little longer to finish; watches go on by their tokens.
  absl::Duration connection_age_max = absl::Minutes(30);
  absl::Duration connection_age_grace = absl::Seconds(30);
};

class GrpcServer {
 public:
  virtual ~GrpcServer() = default;  // shuts down at once if Shutdown() was not called

  // Listens when it returns. `admission`, `handler` and `telemetry` must outlive the server.
  // INVALID_ARGUMENT: no such service, or a file that cannot be read. FAILED_PRECONDITION: cannot
  // listen there (the address is in use, or not ours).
  static absl::StatusOr<std::unique_ptr<GrpcServer>> Start(const GrpcServerOptions& options,
                                                           Admission* admission,
                                                           exchange::ApiHandler* handler,
                                                           exchange::Telemetry* telemetry);

  virtual int port() const = 0;

  // What grpc.health.v1 says of `service`; empty: of the server as a whole. A service is unknown to
  // health until set. Thread-safe.
  virtual void SetServing(std::string_view service, bool serving) = 0;

  // Ends watches under way of clients whose certificate `admission` holds for revoked; calls and
  // new watches are turned away by themselves, on open connections too. Thread-safe.
  virtual void EndRevokedWatches() = 0;

  // Takes no new call, ends watches, lets calls under way finish until `deadline`, then ends them
  // as cancelled. Blocks at most until then. Call it once, before the handler stops answering.
  virtual void Shutdown(absl::Time deadline) = 0;
};

}  // namespace exitbus::adapters
