// The figures, run by run, and their medians as a table.
#pragma once

#include <ostream>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "tests/story/deployment.h"

namespace exitbus::bench {

struct Sizes {
  int runs = 3;
  int per_second = 100;
  int seconds = 10;           // of the even pace
  int flood_commands = 1500;  // each makes two letters
  int raw_records = 50000;
  int idle_seconds = 10;
  int emergencies = 100;  // with nothing else under way; then under a flood, at most as many
};

// On a running deployment. Begins no further run after `stop_after` of work, and says how many
// there were.
absl::Status Measure(const story::Deployment& deployment, const Sizes& sizes,
                     absl::Duration stop_after, std::ostream& out);

}  // namespace exitbus::bench
