// All that rows are made of: who is listed, what they told, and what the broker says. Filled by
// Console; nothing here decides what is shown.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "services/console/reports.h"
#include "services/exchange/ports/broker_figures.h"

namespace exitbus::exchange {
class Directory;
}

namespace exitbus::policy::v1 {
enum Channel : int;
}

namespace exitbus::console {

// Records that a reader has not taken since then: all before `through`.
struct Unread {
  absl::Time since;
  std::int64_t through = 0;
};

struct World {
  World(const exchange::Directory* listed, absl::Time started)
      : directory(listed), reports(started), broker_since(started) {}

  const exchange::Directory* directory;
  Reports reports;
  std::optional<exchange::BrokerFigures> broker;  // nullopt: it did not say
  bool broker_reached = false;
  absl::Time broker_since;
  std::string broker_failure;
  std::uint64_t traces_refused = 0;
  // By topic, where its reader does not get on.
  std::map<std::string, Unread> unread;
};

// Records in `topic` that its reader, by what it told, has not taken; nullopt: not known.
std::optional<std::int64_t> UnreadIn(const World& world, const std::string& reader,
                                     policy::v1::Channel channel, const std::string& topic);

// Looks at every topic's unread records, for `unread`. In a busy one there are always some: what
// counts is whether its reader has taken those that were there before.
void NoteUnread(World& world, absl::Time now);

}  // namespace exitbus::console
