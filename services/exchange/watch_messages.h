// What a watch is told next: what changed in its list since it was told last, as its caller sees
// it, and how far it has come with that.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "services/exchange/change_index.h"
#include "services/exchange/ports/api.h"
#include "services/exchange/watch_token.h"

namespace exitbus::exchange {

class UnitOfWork;

// Which list, and who it is to whom it is told.
struct WatchedAs {
  const WatchedList* list = nullptr;
  policy::v1::Reader reader{};
  StreamName stream;
};

struct WatchProgress {
  WatchPosition position;
  bool begins_snapshot = false;
  bool caught_up = false;
  bool behind = true;  // there may be something to tell
};

struct WatchMessages {
  WatchProgress progress;  // after them; counts only once the work is committed
  std::vector<std::unique_ptr<Message>> messages = {};
  std::vector<std::string> tokens = {};  // of each
};

// Up to `limit` of them, each accounted for in the work.
WatchMessages NextMessages(UnitOfWork& work, const WatchCall& call, const WatchedAs& as,
                           const WatchProgress& progress, std::size_t limit);

}  // namespace exitbus::exchange
