// What a transaction leaves to be done once it is durable, and not before.
#pragma once

#include <set>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

namespace exitbus::exchange {

// A correspondence as its recipient names it: exchange, peer, subject.
struct CorrespondenceId {
  int exchange = 0;  // policy.v1.Exchange
  std::string peer;
  std::string subject;

  auto operator<=>(const CorrespondenceId&) const = default;
  // The row key; also orders all correspondences of one exchange together.
  std::string Key() const { return std::to_string(exchange) + "/" + peer + "/" + subject; }
};

struct Effects {
  std::vector<std::string> new_rows;        // outbox keys to publish
  std::vector<std::string> receipted_rows;  // outbox keys that are gone
  std::set<CorrespondenceId> receipts_due;
  std::set<std::string> changed_streams;  // watched lists with something new to tell
  bool erases = false;                    // a unit's key is to be destroyed
  std::vector<std::pair<std::string, std::string>> failed_records;  // peer, record id: send again
};

}  // namespace exitbus::exchange
