// What befalls the authorities and the broker in a run at random.
#pragma once

#include "absl/time/time.h"
#include "tests/simulation/random/crowd.h"

namespace exitbus::simulation {

struct Fault {
  const char* name;
  absl::Duration every;  // on average; each seed has its own rate
  void (*strike)(Crowd&, std::mt19937_64& random);
};

const std::vector<Fault>& Faults();

// Switches on those that this seed has and `options` does not switch off. Each draws from numbers
// of its own, so that one more or less moves none of the others.
void LetStrike(Crowd& crowd, const RunOptions& options);

// Nothing strikes any more: processes are up, nobody is muted or suspended, clocks are right.
void HealAll(Crowd& crowd);

}  // namespace exitbus::simulation
