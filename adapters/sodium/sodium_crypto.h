// The crypto and random ports on libsodium.
//
// Forms, all raw bytes: Ed25519 public keys 32, secret keys 64 (libsodium's seed ‖ public key);
// X25519 keys 32 and 32; shared keys and digests 32. A key of another size handed to a function
// that cannot fail is a programmer's error and aborts: check keys where they come in. `Verify`,
// `OpenSealed` and `Decrypt` take anything as `signature`, `sealed` or `cipher` and say no.
#pragma once

#include <cstddef>
#include <memory>
#include <string>

#include "services/exchange/ports/crypto.h"
#include "services/exchange/ports/time.h"

namespace exitbus::adapters {

inline constexpr int kSigningSecretKeyBytes = 64;

// Never null. A sealed text is ephemeral public key ‖ nonce ‖ cipher ‖ tag, the key BLAKE2b-256 of
// shared secret ‖ ephemeral public key ‖ recipient's public key. Sealing to a public key of low
// order (which would let everyone compute the secret) seals for nobody: it cannot be opened.
std::unique_ptr<exchange::Crypto> MakeSodiumCrypto();

// The kernel's random numbers.
class SodiumRandom final : public exchange::Random {
 public:
  SodiumRandom();
  std::string Bytes(std::size_t count) override;
};

}  // namespace exitbus::adapters
