#include "adapters/sodium/sodium_crypto.h"

#include <sodium.h>

#include <array>
#include <string_view>

#include "absl/status/status.h"
#include "services/exchange/ports/fault.h"

namespace exitbus::adapters {
namespace {

using exchange::KeyPair;

constexpr std::size_t kNonceBytes = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES;
constexpr std::size_t kTagBytes = crypto_aead_xchacha20poly1305_ietf_ABYTES;

static_assert(exchange::kKeyBytes == crypto_aead_xchacha20poly1305_ietf_KEYBYTES);
static_assert(exchange::kKeyBytes == crypto_scalarmult_BYTES);
static_assert(exchange::kKeyBytes == crypto_sign_PUBLICKEYBYTES);
static_assert(exchange::kSignatureBytes == crypto_sign_BYTES);
static_assert(kSigningSecretKeyBytes == crypto_sign_SECRETKEYBYTES);

void Require(bool holds, const char* what) {
  if (!holds) exchange::ProgramFault("sodium_crypto", what);
}

void Initialise() { Require(sodium_init() >= 0, "libsodium finds no random numbers"); }

const unsigned char* In(std::string_view bytes) {
  return reinterpret_cast<const unsigned char*>(bytes.data());
}
template <class Bytes>
unsigned char* Out(Bytes& bytes) {
  return reinterpret_cast<unsigned char*>(bytes.data());
}

// A secret that lives no longer than its scope.
struct Secret {
  std::array<unsigned char, exchange::kKeyBytes> bytes;
  ~Secret() { sodium_memzero(bytes.data(), bytes.size()); }
  std::string_view view() const {
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
  }
};

void DeriveKey(const Secret& shared, std::string_view ephemeral, std::string_view recipient,
               Secret& key) {
  crypto_generichash_state state;
  crypto_generichash_init(&state, nullptr, 0, key.bytes.size());
  crypto_generichash_update(&state, shared.bytes.data(), shared.bytes.size());
  crypto_generichash_update(&state, In(ephemeral), ephemeral.size());
  crypto_generichash_update(&state, In(recipient), recipient.size());
  crypto_generichash_final(&state, key.bytes.data(), key.bytes.size());
  sodium_memzero(&state, sizeof(state));
}

// Appends nonce ‖ cipher ‖ tag to `out`.
void AppendEncrypted(std::string_view key, std::string_view header, std::string_view plain,
                     std::string& out) {
  const std::size_t start = out.size();
  out.resize(start + kNonceBytes + plain.size() + kTagBytes);
  unsigned char* nonce = Out(out) + start;
  randombytes_buf(nonce, kNonceBytes);
  crypto_aead_xchacha20poly1305_ietf_encrypt(nonce + kNonceBytes, nullptr, In(plain), plain.size(),
                                             In(header), header.size(), nullptr, nonce, In(key));
}

class SodiumCrypto final : public exchange::Crypto {
 public:
  std::string Digest(std::string_view data, std::string_view key) const override {
    Require(key.empty() || key.size() == exchange::kKeyBytes, "Digest: the key is not 32 bytes");
    std::string digest(exchange::kDigestBytes, '\0');
    crypto_generichash(Out(digest), digest.size(), In(data), data.size(),
                       key.empty() ? nullptr : In(key), key.size());
    return digest;
  }

  std::string Sha256(std::string_view data) const override {
    std::string digest(crypto_hash_sha256_BYTES, '\0');
    crypto_hash_sha256(Out(digest), In(data), data.size());
    return digest;
  }

  KeyPair NewSigningKey() const override {
    KeyPair pair{std::string(crypto_sign_PUBLICKEYBYTES, '\0'),
                 exchange::SecretBytes(crypto_sign_SECRETKEYBYTES, '\0')};
    crypto_sign_keypair(Out(pair.public_key), Out(pair.secret_key));
    return pair;
  }

  std::string Sign(std::string_view secret_key, std::string_view data) const override {
    Require(secret_key.size() == kSigningSecretKeyBytes, "Sign: the secret key is not 64 bytes");
    std::string signature(exchange::kSignatureBytes, '\0');
    crypto_sign_detached(Out(signature), nullptr, In(data), data.size(), In(secret_key));
    return signature;
  }

  bool Verify(std::string_view public_key, std::string_view data,
              std::string_view signature) const override {
    return public_key.size() == crypto_sign_PUBLICKEYBYTES &&
           signature.size() == crypto_sign_BYTES &&
           crypto_sign_verify_detached(In(signature), In(data), data.size(), In(public_key)) == 0;
  }

  bool IsSigningKey(std::string_view public_key) const override {
    return public_key.size() == crypto_core_ed25519_BYTES &&
           crypto_core_ed25519_is_valid_point(In(public_key)) == 1;
  }

  bool IsSealingKey(std::string_view public_key) const override {
    constexpr unsigned char kUnusedBit = 0x80;  // of the last byte; nobody's own key has it
    if (public_key.size() != crypto_scalarmult_BYTES ||
        (static_cast<unsigned char>(public_key.back()) & kUnusedBit) != 0) {
      return false;
    }
    const std::string any(crypto_scalarmult_SCALARBYTES, '\1');
    std::string shared(crypto_scalarmult_BYTES, '\0');
    return crypto_scalarmult(Out(shared), In(any), In(public_key)) == 0;  // not of low order
  }

  KeyPair NewSealingKey() const override {
    KeyPair pair{std::string(crypto_box_PUBLICKEYBYTES, '\0'),
                 exchange::SecretBytes(crypto_box_SECRETKEYBYTES, '\0')};
    crypto_box_keypair(Out(pair.public_key), Out(pair.secret_key));
    return pair;
  }

  std::string Seal(std::string_view recipient_public_key, std::string_view header,
                   std::string_view plain) const override {
    Require(recipient_public_key.size() == exchange::kKeyBytes,
            "Seal: the recipient's key is not 32 bytes");
    std::string sealed;
    sealed.reserve(exchange::kKeyBytes + kNonceBytes + plain.size() + kTagBytes);
    sealed.resize(exchange::kKeyBytes);
    Secret ephemeral;
    crypto_box_keypair(Out(sealed), ephemeral.bytes.data());
    Secret shared;
    if (crypto_scalarmult(shared.bytes.data(), ephemeral.bytes.data(), In(recipient_public_key)) !=
        0) {
      // The recipient named a point of low order: the secret would be public. Use one nobody has.
      randombytes_buf(shared.bytes.data(), shared.bytes.size());
    }
    Secret key;
    DeriveKey(shared, sealed, recipient_public_key, key);
    AppendEncrypted(key.view(), header, plain, sealed);
    return sealed;
  }

  absl::StatusOr<std::string> OpenSealed(const KeyPair& recipient, std::string_view header,
                                         std::string_view sealed) const override {
    Require(recipient.public_key.size() == exchange::kKeyBytes &&
                recipient.secret_key.size() == exchange::kKeyBytes,
            "OpenSealed: a key of the recipient is not 32 bytes");
    if (sealed.size() < exchange::kKeyBytes) {
      return absl::InvalidArgumentError("sealed text is too short");
    }
    const std::string_view ephemeral = sealed.substr(0, exchange::kKeyBytes);
    Secret shared;
    if (crypto_scalarmult(shared.bytes.data(), In(recipient.secret_key), In(ephemeral)) != 0) {
      return absl::InvalidArgumentError("sealed text names a key of low order");
    }
    Secret key;
    DeriveKey(shared, ephemeral, recipient.public_key, key);
    return Decrypt(key.view(), header, sealed.substr(exchange::kKeyBytes));
  }

  std::string Encrypt(std::string_view key, std::string_view header,
                      std::string_view plain) const override {
    Require(key.size() == exchange::kKeyBytes, "Encrypt: the key is not 32 bytes");
    std::string cipher;
    AppendEncrypted(key, header, plain, cipher);
    return cipher;
  }

  absl::StatusOr<std::string> Decrypt(std::string_view key, std::string_view header,
                                      std::string_view cipher) const override {
    Require(key.size() == exchange::kKeyBytes, "Decrypt: the key is not 32 bytes");
    if (cipher.size() < kNonceBytes + kTagBytes) {
      return absl::InvalidArgumentError("cipher text is too short");
    }
    const std::string_view nonce = cipher.substr(0, kNonceBytes);
    const std::string_view body = cipher.substr(kNonceBytes);
    std::string plain(body.size() - kTagBytes, '\0');
    if (crypto_aead_xchacha20poly1305_ietf_decrypt(Out(plain), nullptr, nullptr, In(body),
                                                   body.size(), In(header), header.size(),
                                                   In(nonce), In(key)) != 0) {
      return absl::InvalidArgumentError("cipher text is altered, or of another key or header");
    }
    return plain;
  }
};

}  // namespace

std::unique_ptr<exchange::Crypto> MakeSodiumCrypto() {
  Initialise();
  return std::make_unique<SodiumCrypto>();
}

SodiumRandom::SodiumRandom() { Initialise(); }

std::string SodiumRandom::Bytes(std::size_t count) {
  std::string bytes(count, '\0');
  randombytes_buf(bytes.data(), bytes.size());
  return bytes;
}

}  // namespace exitbus::adapters
