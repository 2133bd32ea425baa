// One authority at its worst on the bus: with its own keys, into every topic that the broker lets
// it write to.
#pragma once

#include <map>
#include <string>

#include "absl/time/time.h"
#include "tests/story/cast.h"

namespace exitbus::story {

// One record after another until then, or until so many or so many bytes have gone; how many of
// each kind the broker took, and how many it did not.
std::map<std::string, int> FloodBus(const Member& outsider, absl::Time until);

}  // namespace exitbus::story
