// Keeps one kind of event from filling the log: of each a number of lines a minute, and the next
// one that is written says how many were left out. Counters and gauges count all the same.
#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "absl/time/time.h"

namespace exitbus::adapters {

// Thread-safe.
class LineLimiter {
 public:
  static constexpr int kLinesMax = 60;
  static constexpr absl::Duration kEvery = absl::Minutes(1);

  // nullopt: not now. Otherwise how many lines of this event were left out since the last one.
  std::optional<std::uint64_t> Admit(std::string_view event, absl::Time now);

 private:
  struct Written {
    absl::Time since = absl::InfinitePast();
    int lines = 0;
    std::uint64_t left_out = 0;
  };

  std::mutex mutex_;
  std::map<std::string, Written, std::less<>> events_;  // named by us, so they are few
};

}  // namespace exitbus::adapters
