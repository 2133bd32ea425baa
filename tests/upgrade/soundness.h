// What is expected of today's authorities once all has settled on a release's stores.
#pragma once

#include <vector>

#include "tests/simulation/world.h"

namespace exitbus::upgrade {

class Golden;

void ExpectNone(simulation::Node& node, const std::vector<const char*>& alarms);
// All letters have been taken, each by whom it is for, and none was refused.
void ExpectAllTaken(Golden& golden);
// Journals are whole, and both ends of each correspondence agree.
void ExpectSoundEvidence(Golden& golden);

}  // namespace exitbus::upgrade
