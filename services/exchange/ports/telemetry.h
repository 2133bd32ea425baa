// What operators see: log lines, counters and hops. Nothing here may carry a person, a case id or a
// counterpart of a secret channel; fields are codes, local ids and numbers.
// Thread-safe.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/time/time.h"

namespace exitbus::exchange {

enum class Severity { kInfo, kWarning, kError };

using Labels = std::vector<std::pair<std::string, std::string>>;

// A letter's way through this authority: its hop id (hop_ids.h), the channel, what happened, when,
// and a failure class where something went wrong.
struct Hop {
  std::string hop_id;
  std::string channel;
  std::string hop;  // created, sent, not_sent, receipted; parked, applied, refused
  absl::Time time;
  std::string failure_class;  // empty when all is well
};

class Telemetry {
 public:
  virtual ~Telemetry() = default;
  // `event` is a stable dotted name, e.g. "bus.unavailable".
  virtual void Log(Severity severity, std::string_view event, const Labels& fields) = 0;
  virtual void Count(std::string_view counter, const Labels& labels, double by = 1) = 0;
  virtual void Set(std::string_view gauge, const Labels& labels, double value) = 0;
  virtual void Record(const Hop& hop) = 0;
};

}  // namespace exitbus::exchange
