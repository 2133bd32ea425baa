// What a transaction leaves to be done once it is durable, and not before.
#pragma once

#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/functional/any_invocable.h"
#include "exitbus/store/v1/rows.pb.h"
#include "services/exchange/keys.h"
#include "services/exchange/meta_keys.h"

namespace exitbus::exchange {

struct PostCommitActions {
  std::vector<OutboxKey> new_rows;        // to be published
  std::vector<OutboxKey> receipted_rows;  // that are gone
  std::set<CorrespondenceId> receipts_due;
  std::set<StreamName> changed_streams;        // with something new to tell
  std::set<std::string> followed;              // peers whose holdings this store has followed
  std::set<CorrespondenceId> stopped_changed;  // those that stopped, or go on again
  std::set<std::string> changed;               // index keys of states that have changed
  bool accepted = false;                       // an operator answers for who was not heard
  bool ordered = false;                        // operators have ordered something that lasts
  std::set<std::string> retried;               // peers to whom all goes once more
  bool erases = false;                         // a scope's key is to be destroyed
  bool awaits = false;  // something waits for its recipient to be listed, or for an upgrade
  std::map<std::string, std::set<std::string>> failed_records;    // by peer, their ids: send again
  std::map<std::string, store::v1::AnnouncedKey> announced_keys;  // by peer
  std::vector<absl::AnyInvocable<void()>> learnt;  // what others said of this store: kept in mind

  // What came after these.
  void Add(PostCommitActions&& more);
};

}  // namespace exitbus::exchange
