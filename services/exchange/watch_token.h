// How far a watch has told its client, as the client keeps it: opaque, sealed, of fixed size.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "services/exchange/event_store.h"

namespace exitbus::exchange {

struct Environment;

struct WatchPosition {
  std::uint64_t sequence = 0;  // of the last change that was told
  // It began with a snapshot when this was the last change: what was gone by then is not told.
  std::uint64_t snapshot_at = 0;
  // The journal's when the token was made: in a store that never had it, the numbers mean something
  // else.
  JournalHead journal;
};

// Whose token it is: of this stream (ChangeIndex::StreamOf), watched by callers in this function.
struct WatchedBy {
  std::string stream;
  std::string_view function;
};

// Bound to both.
std::string SealPosition(const Environment& environment, const WatchedBy& watch,
                         const WatchPosition& position);
// nullopt: not a token of this watch, or altered.
std::optional<WatchPosition> OpenPosition(const Environment& environment, const WatchedBy& watch,
                                          std::string_view token);

}  // namespace exitbus::exchange
