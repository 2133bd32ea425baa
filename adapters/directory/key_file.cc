#include "adapters/directory/key_file.h"

#include <utility>

#include "absl/time/time.h"
#include "adapters/directory/authority_keys.h"

namespace exitbus::adapters {

using config::v1::AuthorityKeys;

absl::StatusOr<std::unique_ptr<KeyFile>> KeyFile::Open(const std::string& path) {
  auto keys = LoadKeys(path);
  if (!keys.ok()) return keys.status();
  return std::unique_ptr<KeyFile>(new KeyFile(path, *std::move(keys)));
}

absl::StatusOr<bool> KeyFile::Refresh() {
  auto read = LoadKeys(path_);
  if (!read.ok()) return read.status();
  if (read->SerializeAsString() == keys_.SerializeAsString()) return false;
  AuthorityKeys lasting = *read;
  *lasting.mutable_sealing_keys() = keys_.sealing_keys();
  if (lasting.SerializeAsString() != keys_.SerializeAsString()) {
    return absl::FailedPreconditionError(
        path_ +
        ": has another identity, master or index key than this service started with, which "
        "goes on with those. Restore the file; sealing keys alone are renewed while it runs.");
  }
  keys_ = *std::move(read);
  return true;
}

exchange::Secrets KeyFile::Secrets() const {
  exchange::Secrets secrets;
  secrets.identity_key = keys_.identity_secret_key();
  secrets.index_key = keys_.index_key();
  for (const config::v1::SealingKey& key : keys_.sealing_keys()) {
    secrets.sealing.push_back(
        {{key.public_key(), key.secret_key()}, absl::FromUnixSeconds(key.created().seconds())});
  }
  return secrets;
}

}  // namespace exitbus::adapters
