// What a transaction leaves to be done once it is durable, and not before.
#pragma once

#include <cstdlib>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include "exitbus/store/v1/rows.pb.h"

namespace exitbus::exchange {

// A correspondence as its recipient names it: exchange, peer, subject.
struct CorrespondenceId {
  int exchange = 0;  // policy.v1.Exchange
  std::string peer;
  std::string subject;

  auto operator<=>(const CorrespondenceId&) const = default;
  // The row key; also orders all correspondences of one exchange together.
  std::string Key() const { return std::to_string(exchange) + "/" + peer + "/" + subject; }
  static CorrespondenceId FromKey(std::string_view key) {
    const std::size_t peer = key.find('/') + 1;
    const std::size_t subject = key.find('/', peer) + 1;
    return {std::atoi(std::string(key.substr(0, peer)).c_str()),
            std::string(key.substr(peer, subject - 1 - peer)), std::string(key.substr(subject))};
  }
};

struct Effects {
  std::vector<std::string> new_rows;        // outbox keys to publish
  std::vector<std::string> receipted_rows;  // outbox keys that are gone
  std::set<CorrespondenceId> receipts_due;
  std::set<std::string> changed_streams;       // watched lists with something new to tell
  std::set<std::string> followed;              // peers whose holdings this store has followed
  std::set<CorrespondenceId> stopped_changed;  // those that stopped, or go on again
  bool accepted = false;                       // an operator answers for who was not heard
  bool erases = false;                         // a unit's key is to be destroyed
  bool awaits = false;  // something waits for its recipient to be listed, or for an upgrade
  std::vector<std::pair<std::string, std::string>> failed_records;  // peer, record id: send again
  std::map<std::string, store::v1::AnnouncedKey> announced_keys;    // by peer

  // What came after these.
  void Add(Effects&& more);
};

}  // namespace exitbus::exchange
