// Ports that stand around others and change what is asked of them.
#pragma once

#include <functional>
#include <utility>
#include <vector>

#include "services/exchange/ports/crypto.h"
#include "services/exchange/ports/store.h"

namespace exitbus::simulation {

class StoreAround : public exchange::Store {
 public:
  using Commit = std::function<absl::Status(exchange::Store& inner, exchange::Durability,
                                            const std::vector<exchange::Write>&)>;
  StoreAround(exchange::Store* inner, Commit commit) : inner_(inner), commit_(std::move(commit)) {}

  absl::StatusOr<std::optional<std::string>> Get(exchange::Table table,
                                                 std::string_view key) override {
    return inner_->Get(table, key);
  }
  absl::StatusOr<std::vector<std::optional<std::string>>> GetMany(
      const std::vector<exchange::RowName>& rows) override {
    return inner_->GetMany(rows);
  }
  absl::StatusOr<std::vector<exchange::Row>> Scan(exchange::Table table, std::string_view prefix,
                                                  std::string_view after,
                                                  std::size_t limit) override {
    return inner_->Scan(table, prefix, after, limit);
  }

 private:
  absl::Status CommitAll(exchange::Durability durability,
                         const std::vector<exchange::Write>& writes) override {
    return commit_(*inner_, durability, writes);
  }

  exchange::Store* const inner_;
  const Commit commit_;
};

class CryptoAround : public exchange::Crypto {
 public:
  explicit CryptoAround(exchange::Crypto* inner) : inner_(inner) {}

  std::string Digest(std::string_view data, std::string_view key) const override {
    return inner_->Digest(data, key);
  }
  std::string Sha256(std::string_view data) const override { return inner_->Sha256(data); }
  exchange::KeyPair NewSigningKey() const override { return inner_->NewSigningKey(); }
  std::string Sign(std::string_view secret_key, std::string_view data) const override {
    return inner_->Sign(secret_key, data);
  }
  bool Verify(std::string_view public_key, std::string_view data,
              std::string_view signature) const override {
    return inner_->Verify(public_key, data, signature);
  }
  bool IsSigningKey(std::string_view key) const override { return inner_->IsSigningKey(key); }
  exchange::KeyPair NewSealingKey() const override { return inner_->NewSealingKey(); }
  bool IsSealingKey(std::string_view key) const override { return inner_->IsSealingKey(key); }
  std::string Seal(std::string_view recipient, std::string_view header,
                   std::string_view plain) const override {
    return inner_->Seal(recipient, header, plain);
  }
  absl::StatusOr<std::string> OpenSealed(const exchange::KeyPair& recipient,
                                         std::string_view header,
                                         std::string_view sealed) const override {
    return inner_->OpenSealed(recipient, header, sealed);
  }
  std::string Encrypt(std::string_view key, std::string_view header,
                      std::string_view plain) const override {
    return inner_->Encrypt(key, header, plain);
  }
  absl::StatusOr<std::string> Decrypt(std::string_view key, std::string_view header,
                                      std::string_view cipher) const override {
    return inner_->Decrypt(key, header, cipher);
  }

 protected:
  exchange::Crypto* const inner_;
};

}  // namespace exitbus::simulation
