// Tokens as identity providers make them, and as they must not be. For tests.
#pragma once

#include <memory>
#include <string>

struct evp_pkey_st;

namespace exitbus::adapters {

// A key pair of an identity provider: "RSA", "P-256", "ED25519", or one that is not taken.
class SigningKey {
 public:
  explicit SigningKey(const std::string& kind);

  std::string public_pem() const;
  // header.payload.signature, by this key's own algorithm whatever the header says.
  std::string Sign(const std::string& header, const std::string& payload) const;

 private:
  const std::string kind_;
  const std::shared_ptr<evp_pkey_st> key_;
};

// By HMAC with SHA-256, as an attacker would who has the public key alone.
std::string SignedSymmetrically(const std::string& secret, const std::string& header,
                                const std::string& payload);

std::string Base64Url(const std::string& bytes);

}  // namespace exitbus::adapters
