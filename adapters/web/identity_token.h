// A signed token (JWT) by which an authority's own identity provider vouches for an employee.
// Internal to this folder.
#pragma once

#include <memory>
#include <string>
#include <variant>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "services/exchange/ports/api.h"

struct evp_pkey_st;

namespace exitbus::adapters {

struct IdentityClaims {
  std::string employee;
  std::string system;
  std::string function;
  absl::Time expires;
  std::string digest;  // of what was signed: the same token has the same
};

// Whom to believe. Thread-safe.
class IdentityProvider {
 public:
  // Public keys in PEM: RSA of 2048 bits at least signs RS256, EC P-256 ES256, Ed25519 EdDSA, and a
  // key nothing else: what a token says of its algorithm decides nothing. INVALID_ARGUMENT: another
  // sort of key.
  static absl::StatusOr<IdentityProvider> Make(std::string issuer, std::string audience,
                                               const std::vector<std::string>& keys);

  // Or why it is not believed (UNAUTHENTICATED "login.…").
  std::variant<IdentityClaims, exchange::Refusal> Verify(const std::string& token,
                                                         absl::Time now) const;

 private:
  struct Key {
    std::shared_ptr<evp_pkey_st> key;
    std::string algorithm;
  };

  std::string issuer_;
  std::string audience_;
  std::vector<Key> keys_;
};

}  // namespace exitbus::adapters
