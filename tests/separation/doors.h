// Knocking at doors: as TLS alone does, and with a call.
#pragma once

#include <future>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "adapters/grpc/grpc_client.h"
#include "tests/separation/tls_socket.h"
#include "tests/story/cast.h"

namespace exitbus::story {

// To connect to `member`'s API with a certificate of that name in the deployment's folder; empty:
// none.
TlsOptions ApiClient(const Member& member, const std::string& certificate);

// OK: let in, that is answered in HTTP/2 or Kafka's protocol. UNAUTHENTICATED: turned away.
absl::Status KnockAtApi(const TlsOptions& door);
absl::Status KnockAtBroker(const TlsOptions& door);

// A harmless read that every system of the member's may make: what is said to `client`.
absl::Status AskApi(const Member& member, adapters::GrpcClient& client,
                    absl::Duration timeout = absl::Seconds(10));

// Where authorities serve, and where the broker does.
inline constexpr char kApiHost[] = "127.0.0.1";
inline constexpr char kBrokerHost[] = "127.0.0.2";

// Shows one client a certificate of that name in the deployment's folder, and says whether the
// client took it. It speaks no protocol beyond TLS.
class FakeServer {
 public:
  // `version_max`: the newest TLS it speaks; 0: whichever there is.
  FakeServer(const std::string& host, const std::string& certificate, int version_max = 0);
  ~FakeServer();

  const std::string& address() const { return address_; }
  // Of the first client that connects: whether it said anything to it. False: it ended the
  // connection before that, or none came in 5 s.
  bool IsTaken();

 private:
  int listener_ = -1;
  std::string address_;
  std::future<bool> taken_;
};

}  // namespace exitbus::story
