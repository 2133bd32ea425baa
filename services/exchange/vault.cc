#include "services/exchange/vault.h"

#include <cstdlib>
#include <utility>

#include "services/exchange/framed.h"
#include "services/exchange/transaction.h"

namespace exitbus::exchange {
namespace {

std::string Bound(std::string_view unit, const Place& place) {
  return Framed("exitbus.at-rest.v1",
                {TableName(place.table), place.key, SortableNumber(place.version), unit});
}

}  // namespace

std::optional<std::string> Vault::KeyOf(std::string_view unit) {
  if (const auto open = open_keys_.find(unit); open != open_keys_.end()) return open->second;
  auto wrapped = keys_->Get(Table::kKeys, unit);
  if (!wrapped.ok()) std::abort();  // without keys no state can be known
  if (!*wrapped) return std::nullopt;
  auto key = master_key_->Unwrap(unit, **wrapped);
  if (!key.ok()) std::abort();  // another authority's master key, or its keeper is away
  return open_keys_.emplace(std::string(unit), *std::move(key)).first->second;
}

std::string Vault::Encrypt(std::string_view unit, const Place& place, std::string_view plain) {
  if (unit == kClearUnit) return std::string(plain);
  std::optional<std::string> key = KeyOf(unit);
  if (!key) {
    key = random_->Bytes(kKeyBytes);
    new_keys_.emplace(std::string(unit), *key);
    open_keys_.emplace(std::string(unit), *key);
  }
  return crypto_->Encrypt(*key, Bound(unit, place), plain);
}

absl::StatusOr<std::string> Vault::Decrypt(std::string_view unit, const Place& place,
                                           std::string_view cipher) {
  if (unit == kClearUnit) return std::string(cipher);
  const std::optional<std::string> key = KeyOf(unit);
  if (!key) return absl::NotFoundError("the unit is erased");
  auto plain = crypto_->Decrypt(*key, Bound(unit, place), cipher);
  if (!plain.ok()) return absl::DataLossError("what is stored is altered, or of another place");
  return plain;
}

absl::Status Vault::Flush() {
  if (!new_keys_.empty()) {
    std::vector<Write> writes;
    for (const auto& [unit, key] : new_keys_) {
      auto wrapped = master_key_->Wrap(unit, key);
      if (!wrapped.ok()) return wrapped.status();
      writes.push_back({Table::kKeys, unit, *std::move(wrapped)});
    }
    if (absl::Status status = keys_->Commit(writes); !status.ok()) return status;
    new_keys_.clear();
  }
  if (open_keys_.size() > kOpenKeysMax) open_keys_.clear();
  return absl::OkStatus();
}

absl::Status Vault::Destroy(std::string_view unit) {
  const absl::Status status = keys_->Commit({{Table::kKeys, std::string(unit), std::nullopt}});
  if (status.ok()) open_keys_.erase(std::string(unit));
  return status;
}

}  // namespace exitbus::exchange
