// Which key each peer's letters are sealed to: the newest that it announced, or the directory's
// where it has announced none under the identity key that is listed now.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "exitbus/store/v1/rows.pb.h"

namespace exitbus::exchange::v1 {
class KeyAnnounced;
}

namespace exitbus::exchange {

class Transaction;
struct Environment;
struct DirectoryEntry;
struct PostCommitActions;

// Lives on the engine's thread.
class PeerKeys {
 public:
  explicit PeerKeys(const Environment* environment) : environment_(environment) {}

  absl::Status Load();  // what was announced before

  std::string KeyOf(const DirectoryEntry& peer) const;

  // Takes a verified announcement in the transaction of its record. Only a later `created` replaces
  // what is known; anything else (a repeat, a replay) is counted and changes nothing.
  void Take(Transaction& transaction, const std::string& peer, const v1::KeyAnnounced& announced,
            PostCommitActions& actions);

  // After the commit. Whether letters to `peer` are sealed to another key than before.
  bool Learn(const std::string& peer, store::v1::AnnouncedKey key);

 private:
  const Environment* environment_;
  std::map<std::string, store::v1::AnnouncedKey, std::less<>> keys_;
};

}  // namespace exitbus::exchange
