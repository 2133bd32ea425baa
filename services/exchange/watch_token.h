// How far a watch has told its client, as the client keeps it: opaque, sealed, of fixed size.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "services/exchange/ledger.h"

namespace exitbus::exchange {

struct Context;

struct WatchPosition {
  std::uint64_t sequence = 0;  // of the last change that was told
  // It began with a snapshot when this was the last change: what was gone by then is not told.
  std::uint64_t snapshot_at = 0;
  // The journal's when the token was made: in a store that never had it, the numbers mean something
  // else.
  JournalHead journal;
};

// Bound to the stream (ChangeIndex::StreamOf). Fresh: two tokens of one position do not link.
std::string SealPosition(const Context& context, std::string_view stream,
                         const WatchPosition& position);
// nullopt: not a token of this stream, or altered.
std::optional<WatchPosition> OpenPosition(const Context& context, std::string_view stream,
                                          std::string_view token);

}  // namespace exitbus::exchange
