#include "adapters/system/line_limiter.h"

#include <utility>

namespace exitbus::adapters {

std::optional<std::uint64_t> LineLimiter::Admit(std::string_view event, absl::Time now) {
  const std::lock_guard<std::mutex> lock(mutex_);
  auto found = events_.find(event);
  if (found == events_.end()) found = events_.emplace(std::string(event), Written{}).first;
  Written& written = found->second;
  // A clock that was set back begins anew.
  if (now - written.since >= kEvery || now < written.since) {
    written.since = now;
    written.lines = 0;
  }
  if (written.lines == kLinesMax) {
    ++written.left_out;
    return std::nullopt;
  }
  ++written.lines;
  return std::exchange(written.left_out, 0);
}

}  // namespace exitbus::adapters
