// What every call of an authority's API has to pass before anything handles it, whatever carried it
// here. One for all listeners of a process, so that a client system has one share, and one that is
// revoked is turned away everywhere. Thread-safe.
#pragma once

#include <cstddef>
#include <set>
#include <string>
#include <variant>

#include "adapters/api/calls_under_way.h"
#include "adapters/api/client_certificate.h"
#include "adapters/api/revoked_clients.h"
#include "services/exchange/ports/api.h"

namespace google::protobuf {
class MethodDescriptor;
}
namespace exitbus::exchange {
class Telemetry;
}

namespace exitbus::adapters {

// What a call says of itself: "exitbus-employee", "exitbus-purpose", "exitbus-remark".
struct CallMetadata {
  std::string employee;
  std::string purpose;
  std::string remark;
  bool said_twice = false;  // one of them was there more than once
};

class Admission {
 public:
  // `authority` is ours: certificates that name another are refused. `telemetry` outlives it.
  Admission(std::string authority, std::size_t calls_of_one_system_max,
            exchange::Telemetry* telemetry);

  // Who is refused is counted as api.calls{outcome=<rule>}.
  std::variant<exchange::Caller, exchange::Refusal> Admit(const ClientCertificate& certificate,
                                                          CallMetadata metadata);

  // A place among the calls under way, or why there is none, which is counted in the same way. It
  // is taken before the request is looked at.
  std::variant<CallsUnderWay::Place, exchange::Refusal> TakePlace(const exchange::Caller& caller);

  // Counts one that passed: api.calls{outcome="handled"}.
  void CountHandled() { Count("handled"); }
  // One that was turned away by what only its listener knows.
  void CountRefused(const exchange::Refusal& refusal) { Count(refusal.reason); }

  // Common names and SHA-256 fingerprints (64 lower-case hexadecimal digits) of client certificates
  // that are turned away from now on. Replaces the list before. Watches under way are for their
  // listeners to end.
  void SetRevoked(std::set<std::string> listed) { revoked_.Set(std::move(listed)); }
  bool IsRevoked(const ClientCertificate& certificate) const {
    return revoked_.Includes(certificate);
  }

  const std::string& authority() const { return authority_; }
  // What a certificate (PEM) says.
  ClientCertificate ReadCertificate(const std::string& pem) { return certificates_.Read(pem); }

 private:
  void Count(const std::string& outcome);

  const std::string authority_;
  RevokedClients revoked_;
  ClientCertificates certificates_;
  CallsUnderWay under_way_;
  exchange::Telemetry* const telemetry_;
};

// Also what ends a watch of a client whose certificate is revoked meanwhile.
exchange::Refusal CertificateRevoked();

// What came is not a request of this method.
exchange::Refusal Malformed(const google::protobuf::MethodDescriptor& method);

// The service is going down; what to do when it is back.
exchange::Refusal StoppingCall();
exchange::Refusal StoppingWatch();

}  // namespace exitbus::adapters
