#include "adapters/sodium/file_master_key.h"

#include <utility>

#include "services/exchange/ports/crypto.h"

namespace exitbus::adapters {
namespace {

class FileMasterKey final : public exchange::MasterKey {
 public:
  FileMasterKey(const exchange::Crypto* crypto, exchange::SecretBytes key)
      : crypto_(crypto), key_(std::move(key)) {}

  absl::StatusOr<std::string> Wrap(std::string_view scope, std::string_view key) override {
    return crypto_->Encrypt(key_, scope, key);
  }

  absl::StatusOr<exchange::SecretBytes> Unwrap(std::string_view scope,
                                               std::string_view wrapped) override {
    auto plain = crypto_->Decrypt(key_, scope, wrapped);
    if (!plain.ok()) return plain.status();
    exchange::SecretBytes key(*plain);
    exchange::Wipe(*plain);
    return key;
  }

 private:
  const exchange::Crypto* crypto_;
  const exchange::SecretBytes key_;
};

}  // namespace

std::unique_ptr<exchange::MasterKey> MakeFileMasterKey(const exchange::Crypto* crypto,
                                                       exchange::SecretBytes key) {
  return std::make_unique<FileMasterKey>(crypto, std::move(key));
}

}  // namespace exitbus::adapters
