#include "services/exchange/vault.h"

#include <utility>

#include "services/exchange/framed.h"
#include "services/exchange/keys.h"

namespace exitbus::exchange {
namespace {

std::string Bound(std::string_view scope, const Place& place) {
  return Framed("exitbus.at-rest.v1",
                {TableName(place.table), place.key, SortableNumber(place.version), scope});
}

constexpr std::size_t kTriedAtStart = 100;

// Of a failure: the medium's stays what it is, everything else means that the bytes are not ours.
absl::Status Damaged(const absl::Status& why) {
  return absl::IsUnavailable(why) ? why : absl::DataLossError(why.message());
}

}  // namespace

absl::StatusOr<SecretBytes> Vault::KeyOf(std::string_view scope) {
  if (const auto open = open_keys_.find(scope); open != open_keys_.end()) return open->second;
  auto wrapped = keys_->Get(Table::kKeys, scope);
  if (!wrapped.ok()) return wrapped.status();
  if (!*wrapped) return absl::NotFoundError("the scope has no key");
  auto key = master_key_->Unwrap(scope, **wrapped);
  if (!key.ok()) return Damaged(key.status());
  return open_keys_.emplace(std::string(scope), *std::move(key)).first->second;
}

std::string Vault::Encrypt(std::string_view scope, const Place& place, std::string_view plain) {
  if (scope == kClearScope) return std::string(plain);
  absl::StatusOr<SecretBytes> key = KeyOf(scope);
  if (!key.ok() && !absl::IsNotFound(key.status())) {
    broken_.Update(key.status());
    return "";
  }
  if (!key.ok()) {
    std::string fresh = random_->Bytes(kKeyBytes);
    key = SecretBytes(fresh);
    Wipe(fresh);
    new_keys_.emplace(std::string(scope), *key);
    open_keys_.emplace(std::string(scope), *key);
  }
  return crypto_->Encrypt(*key, Bound(scope, place), plain);
}

absl::StatusOr<std::string> Vault::Decrypt(std::string_view scope, const Place& place,
                                           std::string_view cipher) {
  if (scope == kClearScope) return std::string(cipher);
  const absl::StatusOr<SecretBytes> key = KeyOf(scope);
  if (!key.ok()) return key.status();
  auto plain = crypto_->Decrypt(*key, Bound(scope, place), cipher);
  if (!plain.ok()) return Damaged(plain.status());
  return *std::move(plain);
}

absl::Status Vault::CheckMasterKey() {
  const auto wrapped = keys_->Scan(Table::kKeys, "", "", kTriedAtStart);
  if (!wrapped.ok()) return wrapped.status();
  for (const Row& row : *wrapped) {
    if (const auto key = master_key_->Unwrap(row.key, row.value); key.ok()) return absl::OkStatus();
  }
  if (wrapped->empty()) return absl::OkStatus();
  return absl::FailedPreconditionError(
      "the master key opens none of the keys in this data folder: give the authority its own keys "
      "file, or its own data folder");
}

absl::Status Vault::Flush() {
  if (absl::Status broken = std::exchange(broken_, absl::OkStatus()); !broken.ok()) return broken;
  if (!new_keys_.empty()) {
    std::vector<Write> writes;
    for (const auto& [scope, key] : new_keys_) {
      auto wrapped = master_key_->Wrap(scope, key);
      if (!wrapped.ok()) return wrapped.status();
      writes.push_back({Table::kKeys, scope, *std::move(wrapped)});
    }
    if (absl::Status status = keys_->Commit(Durability::kDurable, writes); !status.ok())
      return status;
    new_keys_.clear();
  }
  if (open_keys_.size() > kOpenKeysMax) open_keys_.clear();
  return absl::OkStatus();
}

void Vault::ForgetUnflushed() {
  for (const auto& [scope, key] : new_keys_) open_keys_.erase(scope);
  new_keys_.clear();
  broken_ = absl::OkStatus();
}

absl::Status Vault::Destroy(std::string_view scope) {
  const absl::Status status =
      keys_->Commit(Durability::kDurable, {{Table::kKeys, std::string(scope), std::nullopt}});
  if (status.ok()) open_keys_.erase(std::string(scope));
  return status;
}

}  // namespace exitbus::exchange
