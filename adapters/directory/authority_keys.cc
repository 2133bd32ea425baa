#include "adapters/directory/authority_keys.h"

#include <google/protobuf/text_format.h>

#include <algorithm>
#include <string_view>

#include "absl/cleanup/cleanup.h"
#include "absl/time/clock.h"
#include "adapters/directory/files.h"
#include "adapters/directory/mistakes.h"
#include "adapters/directory/text_format.h"

namespace exitbus::adapters {
namespace {

using config::v1::AuthorityKeys;

constexpr std::size_t kKeyBytes = exchange::kKeyBytes;
constexpr std::size_t kSigningSecretBytes = 2 * kKeyBytes;  // seed ‖ public key

void CheckSize(std::string_view field, const std::string& key, std::size_t bytes,
               Mistakes& mistakes) {
  if (key.size() == bytes) return;
  mistakes.Add(field, "has " + std::to_string(key.size()) + " bytes, not " + std::to_string(bytes),
               "write new keys with `exitctl keys new`");
}

void Check(const AuthorityKeys& keys, Mistakes& mistakes) {
  CheckSize("identity_public_key", keys.identity_public_key(), kKeyBytes, mistakes);
  CheckSize("identity_secret_key", keys.identity_secret_key(), kSigningSecretBytes, mistakes);
  CheckSize("master_key", keys.master_key(), kKeyBytes, mistakes);
  CheckSize("index_key", keys.index_key(), kKeyBytes, mistakes);
  if (keys.sealing_keys().empty()) {
    mistakes.Add("sealing_keys", "is missing", "write new keys with `exitctl keys new`");
  }
  for (int i = 0; i < keys.sealing_keys_size(); ++i) {
    const std::string field = "sealing_keys[" + std::to_string(i) + "]";
    CheckSize(field + ".public_key", keys.sealing_keys(i).public_key(), kKeyBytes, mistakes);
    CheckSize(field + ".secret_key", keys.sealing_keys(i).secret_key(), kKeyBytes, mistakes);
  }
  if (keys.identity_secret_key().size() == kSigningSecretBytes &&
      keys.identity_secret_key().substr(kKeyBytes) != keys.identity_public_key()) {
    mistakes.Add("identity_public_key", "is not the public half of identity_secret_key",
                 "restore the file from its backup");
  }
}

}  // namespace

absl::StatusOr<AuthorityKeys> LoadKeys(const std::string& path) {
  auto text = ReadSecretFile(path);
  if (!text.ok()) return text.status();
  const absl::Cleanup wipe = [&] { exchange::Wipe(*text); };
  AuthorityKeys keys;
  Mistakes mistakes;
  if (ParseText(*text, Quoting::kForbidden, keys, mistakes)) Check(keys, mistakes);
  if (!mistakes.empty()) return mistakes.ToStatus(path);
  return keys;
}

namespace {

void AddInFront(const exchange::Crypto& crypto, absl::Time now, AuthorityKeys& keys) {
  const exchange::KeyPair fresh = crypto.NewSealingKey();
  config::v1::SealingKey* key = keys.add_sealing_keys();
  key->set_public_key(fresh.public_key);
  key->set_secret_key(std::string(fresh.secret_key));
  key->mutable_created()->set_seconds(absl::ToUnixSeconds(now));
  for (int i = keys.sealing_keys_size() - 1; i > 0; --i) {
    keys.mutable_sealing_keys()->SwapElements(i, i - 1);
  }
}

absl::StatusOr<std::string> TextOf(const AuthorityKeys& keys) {
  std::string text;
  if (!google::protobuf::TextFormat::PrintToString(keys, &text)) {
    return absl::InternalError("keys cannot be written as text");
  }
  return text;
}

}  // namespace

AuthorityKeys NewAuthorityKeys(const exchange::Crypto& crypto, exchange::Random& random) {
  AuthorityKeys keys;
  const exchange::KeyPair identity = crypto.NewSigningKey();
  keys.set_identity_public_key(identity.public_key);
  keys.set_identity_secret_key(std::string(identity.secret_key));
  AddInFront(crypto, absl::Now(), keys);
  keys.set_master_key(random.Bytes(kKeyBytes));
  keys.set_index_key(random.Bytes(kKeyBytes));
  return keys;
}

void RenewSealingKey(const exchange::Crypto& crypto, absl::Time now, AuthorityKeys& keys) {
  // Never earlier than the one before it, or its announcement would not count.
  if (!keys.sealing_keys().empty()) {
    config::v1::SealingKey& newest = *keys.mutable_sealing_keys(0);
    now = std::max(now, absl::FromUnixSeconds(newest.created().seconds() + 1));
    newest.mutable_superseded()->set_seconds(absl::ToUnixSeconds(now));
  }
  AddInFront(crypto, now, keys);
}

int RetireSealingKeys(absl::Time before, AuthorityKeys& keys) {
  int retired = 0;
  for (int i = keys.sealing_keys_size() - 1; i > 0; --i) {
    const config::v1::SealingKey& key = keys.sealing_keys(i);
    if (absl::FromUnixSeconds(key.superseded().seconds()) >= before) continue;
    keys.mutable_sealing_keys()->DeleteSubrange(i, 1);
    ++retired;
  }
  return retired;
}

void WipeKeys(AuthorityKeys& keys) {
  exchange::Wipe(*keys.mutable_identity_secret_key());
  exchange::Wipe(*keys.mutable_master_key());
  exchange::Wipe(*keys.mutable_index_key());
  for (config::v1::SealingKey& key : *keys.mutable_sealing_keys()) {
    exchange::Wipe(*key.mutable_secret_key());
  }
}

std::string KeptKeysFile(const std::string& path) { return path + ".accepted"; }

absl::Status ReplaceKeys(const std::string& path, const AuthorityKeys& keys) {
  auto text = TextOf(keys);
  if (!text.ok()) return text.status();
  const absl::Cleanup wipe = [&] { exchange::Wipe(*text); };
  if (absl::Status replaced = ReplaceSecretFile(path, *text); !replaced.ok()) return replaced;
  const absl::Status kept = ReplaceSecretFile(KeptKeysFile(path), *text);
  return absl::IsNotFound(kept) ? absl::OkStatus() : kept;
}

absl::Status WriteKeys(const std::string& path, const AuthorityKeys& keys) {
  auto text = TextOf(keys);
  if (!text.ok()) return text.status();
  const absl::Cleanup wipe = [&] { exchange::Wipe(*text); };
  return WriteNewSecretFile(path, *text);
}

}  // namespace exitbus::adapters
