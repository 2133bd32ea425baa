#include "services/exchange/peer_keys.h"

#include <utility>

#include "exitbus/exchange/v1/keys.pb.h"
#include "services/exchange/attempt.h"
#include "services/exchange/environment.h"
#include "services/exchange/meta_keys.h"
#include "services/exchange/ports/crypto.h"
#include "services/exchange/ports/directory.h"
#include "services/exchange/ports/telemetry.h"
#include "services/exchange/ports/time.h"
#include "services/exchange/post_commit_actions.h"
#include "services/exchange/proto_time.h"
#include "services/policy/values.h"

namespace exitbus::exchange {
namespace {

constexpr std::size_t kPeersMax = 10000;
// A key from the future could not be replaced until then, so a clock may be wrong by this much.
constexpr absl::Duration kClockTolerance = absl::Hours(1);

}  // namespace

absl::Status PeerKeys::Load() {
  Transaction committed(*environment_);
  const std::string prefix = MetaKey{Meta::kAnnouncedKey, ""}.Encode();
  for (const Row& row : committed.Scan(Table::kMeta, prefix, "", kPeersMax)) {
    // Without it the directory's key counts, until the peer announces anew.
    auto key = LoadOrNone<store::v1::AnnouncedKey>(committed, Table::kMeta, row.key);
    if (key) keys_[MetaKey::Decode(Meta::kAnnouncedKey, row.key)->of] = *std::move(key);
  }
  return committed.status();
}

std::string PeerKeys::KeyOf(const DirectoryEntry& peer) const {
  const auto found = keys_.find(peer.id);
  const bool counts = found != keys_.end() && found->second.identity_digest() ==
                                                  environment_->crypto->Digest(peer.identity_key);
  return counts ? found->second.sealing_key() : peer.sealing_key;
}

void PeerKeys::Take(Transaction& transaction, const std::string& peer,
                    const v1::KeyAnnounced& announced, PostCommitActions& actions) {
  const auto entry = environment_->directory->Find(peer);
  if (!entry) return;  // its signature was verified by an edition of a moment ago
  const auto message = [&](const char* outcome) {
    environment_->telemetry->Count("keys.announced", {{"outcome", outcome}});
  };
  if (policy::FaultIn(announced)) return message("bad_values");
  const absl::Time created = FromProto(announced.created());
  if (announced.sealing_key().size() != kKeyBytes) return message("no_key");
  if (created > environment_->wall_clock->Now() + kClockTolerance)
    return message("from_the_future");
  const std::string row = MetaKey{Meta::kAnnouncedKey, peer}.Encode();
  const auto known = LoadOrNone<store::v1::AnnouncedKey>(transaction, Table::kMeta, row);
  const std::string identity = environment_->crypto->Digest(entry->identity_key);
  if (known && known->identity_digest() == identity && FromProto(known->created()) >= created) {
    return message("known_or_older");
  }
  store::v1::AnnouncedKey key;
  key.set_sealing_key(announced.sealing_key());
  *key.mutable_created() = announced.created();
  key.set_identity_digest(identity);
  transaction.Put(Table::kMeta, row, key.SerializeAsString());
  actions.announced_keys[peer] = std::move(key);
  message("taken");
}

bool PeerKeys::Learn(const std::string& peer, store::v1::AnnouncedKey key) {
  const auto entry = environment_->directory->Find(peer);
  const std::string before = entry ? KeyOf(*entry) : "";
  keys_[peer] = std::move(key);
  return entry && KeyOf(*entry) != before;
}

}  // namespace exitbus::exchange
