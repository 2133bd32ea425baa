#include "adapters/directory/key_file.h"

#include <google/protobuf/util/message_differencer.h>

#include <utility>

#include "absl/cleanup/cleanup.h"
#include "absl/time/time.h"
#include "adapters/directory/authority_keys.h"

namespace exitbus::adapters {

using config::v1::AuthorityKeys;

namespace {

// What lies at rest under these cannot be read with others.
bool SameAtRest(const AuthorityKeys& one, const AuthorityKeys& other) {
  return one.master_key() == other.master_key() && one.index_key() == other.index_key();
}

// In all but the sealing keys, which alone an operator may change while nothing is restarted.
bool SameLasting(const AuthorityKeys& one, const AuthorityKeys& other) {
  return one.identity_public_key() == other.identity_public_key() &&
         one.identity_secret_key() == other.identity_secret_key() && SameAtRest(one, other);
}

}  // namespace

absl::StatusOr<std::unique_ptr<KeyFile>> KeyFile::Open(const std::string& path,
                                                       bool started_before) {
  auto keys = LoadKeys(path);
  if (started_before) {
    auto kept = LoadKeys(KeptKeysFile(path));
    if (kept.ok() && (!keys.ok() || !SameAtRest(*kept, *keys))) keys = std::move(kept);
  }
  if (!keys.ok()) return keys.status();
  return std::unique_ptr<KeyFile>(new KeyFile(path, *std::move(keys)));
}

KeyFile::~KeyFile() { WipeKeys(keys_); }

absl::StatusOr<bool> KeyFile::Refresh() {
  auto read = LoadKeys(path_);
  if (!read.ok()) return read.status();
  // Whichever of the two is not in force when this returns.
  const absl::Cleanup wipe = [&] { WipeKeys(*read); };
  if (google::protobuf::util::MessageDifferencer::Equals(*read, keys_)) return false;
  if (!SameLasting(*read, keys_)) {
    return absl::FailedPreconditionError(
        path_ +
        ": has another identity, master or index key than this service started with, which "
        "goes on with those. Restore the file; sealing keys alone are renewed while it runs.");
  }
  keys_.Swap(&*read);
  return true;
}

absl::Status KeyFile::Keep() const {
  const std::string kept = KeptKeysFile(path_);
  auto before = LoadKeys(kept);
  if (absl::IsNotFound(before.status())) return WriteKeys(kept, keys_);
  const bool same =
      before.ok() && google::protobuf::util::MessageDifferencer::Equals(*before, keys_);
  if (before.ok()) WipeKeys(*before);
  return same ? absl::OkStatus() : ReplaceKeys(kept, keys_);
}

exchange::Secrets KeyFile::Secrets() const {
  exchange::Secrets secrets;
  secrets.identity_key = keys_.identity_secret_key();
  secrets.index_key = keys_.index_key();
  for (const config::v1::SealingKey& key : keys_.sealing_keys()) {
    secrets.sealing.push_back({{key.public_key(), exchange::SecretBytes(key.secret_key())},
                               absl::FromUnixSeconds(key.created().seconds())});
  }
  return secrets;
}

}  // namespace exitbus::adapters
