// The cryptographic primitives the sealing protocol, the vault and the evidence are built from.
// Keys and digests are raw bytes in strings. Deterministic but for the functions that say "fresh".
// Thread-safe.
#pragma once

#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "services/exchange/ports/secret.h"

namespace exitbus::exchange {

inline constexpr int kDigestBytes = 32;
inline constexpr int kSignatureBytes = 64;
inline constexpr int kKeyBytes = 32;

struct KeyPair {
  std::string public_key;
  SecretBytes secret_key;
};

class Crypto {
 public:
  virtual ~Crypto() = default;

  // BLAKE2b-256; with `key` (32 bytes) a keyed hash that nobody without the key can reproduce.
  virtual std::string Digest(std::string_view data, std::string_view key = {}) const = 0;

  // SHA-256, which is what others know a file by.
  virtual std::string Sha256(std::string_view data) const = 0;

  // Ed25519. Fresh.
  virtual KeyPair NewSigningKey() const = 0;
  virtual std::string Sign(std::string_view secret_key, std::string_view data) const = 0;
  virtual bool Verify(std::string_view public_key, std::string_view data,
                      std::string_view signature) const = 0;

  // Whether somebody can have the secret half of it: a key of zeros, of low order or of another
  // kind is nobody's.
  virtual bool IsSigningKey(std::string_view public_key) const = 0;

  // X25519. Fresh.
  virtual KeyPair NewSealingKey() const = 0;
  // As IsSigningKey; but most bytes are a sealing key, those of half of all signing keys too.
  virtual bool IsSealingKey(std::string_view public_key) const = 0;

  // Seals to a recipient: a fresh ephemeral X25519 agreement, XChaCha20-Poly1305 with `header` as
  // the authenticated data. Fresh: sealing twice gives bytes that do not link.
  virtual std::string Seal(std::string_view recipient_public_key, std::string_view header,
                           std::string_view plain) const = 0;
  // INVALID_ARGUMENT: not sealed to this key, or altered, or another header.
  virtual absl::StatusOr<std::string> OpenSealed(const KeyPair& recipient, std::string_view header,
                                                 std::string_view sealed) const = 0;

  // XChaCha20-Poly1305 under a shared key (32 bytes), the nonce fresh and in front.
  virtual std::string Encrypt(std::string_view key, std::string_view header,
                              std::string_view plain) const = 0;
  virtual absl::StatusOr<std::string> Decrypt(std::string_view key, std::string_view header,
                                              std::string_view cipher) const = 0;
};

}  // namespace exitbus::exchange
