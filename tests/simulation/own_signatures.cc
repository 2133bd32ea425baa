#include "tests/simulation/own_signatures.h"

#include <string>
#include <string_view>
#include <unordered_set>
#include <utility>

#include "absl/strings/str_cat.h"

namespace exitbus::simulation {
namespace {

class Recognising final : public exchange::Crypto {
 public:
  explicit Recognising(std::unique_ptr<exchange::Crypto> crypto) : crypto_(std::move(crypto)) {}

  std::string Digest(std::string_view data, std::string_view key) const override {
    return crypto_->Digest(data, key);
  }
  std::string Sha256(std::string_view data) const override { return crypto_->Sha256(data); }
  exchange::KeyPair NewSigningKey() const override { return crypto_->NewSigningKey(); }
  std::string Sign(std::string_view secret_key, std::string_view data) const override {
    std::string signature = crypto_->Sign(secret_key, data);
    // The public key is the second half of the secret one.
    made_.insert(NameOf(secret_key.substr(exchange::kKeyBytes), data, signature));
    return signature;
  }
  bool Verify(std::string_view public_key, std::string_view data,
              std::string_view signature) const override {
    const bool may_be_made_here =
        public_key.size() == exchange::kKeyBytes && signature.size() == exchange::kSignatureBytes;
    return (may_be_made_here && made_.contains(NameOf(public_key, data, signature))) ||
           crypto_->Verify(public_key, data, signature);
  }
  bool IsSigningKey(std::string_view public_key) const override {
    return crypto_->IsSigningKey(public_key);
  }
  exchange::KeyPair NewSealingKey() const override { return crypto_->NewSealingKey(); }
  bool IsSealingKey(std::string_view public_key) const override {
    return crypto_->IsSealingKey(public_key);
  }
  std::string Seal(std::string_view recipient_public_key, std::string_view header,
                   std::string_view plain) const override {
    return crypto_->Seal(recipient_public_key, header, plain);
  }
  absl::StatusOr<std::string> OpenSealed(const exchange::KeyPair& recipient,
                                         std::string_view header,
                                         std::string_view sealed) const override {
    return crypto_->OpenSealed(recipient, header, sealed);
  }
  std::string Encrypt(std::string_view key, std::string_view header,
                      std::string_view plain) const override {
    return crypto_->Encrypt(key, header, plain);
  }
  absl::StatusOr<std::string> Decrypt(std::string_view key, std::string_view header,
                                      std::string_view cipher) const override {
    return crypto_->Decrypt(key, header, cipher);
  }

 private:
  std::string NameOf(std::string_view public_key, std::string_view data,
                     std::string_view signature) const {
    return crypto_->Digest(
        absl::StrCat(std::string(public_key), std::string(signature), std::string(data)));
  }

  const std::unique_ptr<exchange::Crypto> crypto_;
  mutable std::unordered_set<std::string> made_;
};

}  // namespace

std::unique_ptr<exchange::Crypto> RecognisingOwnSignatures(
    std::unique_ptr<exchange::Crypto> crypto) {
  return std::make_unique<Recognising>(std::move(crypto));
}

}  // namespace exitbus::simulation
