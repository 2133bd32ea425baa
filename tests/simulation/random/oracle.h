// What has to hold: while work goes on under faults, and once everything is healed.
#pragma once

#include "tests/simulation/random/crowd.h"

namespace exitbus::simulation {

// At any moment: for no case does nobody answer, and two never by the same right.
void LookNow(Crowd& crowd);
// After healing.
void LookAtTheEnd(Crowd& crowd);

// Parts of it, each of one subject.
void LookAtStores(Crowd& crowd);    // states, journals, timers, canaries
void LookAtExchange(Crowd& crowd);  // letters, receipts, evidence
void LookAtPromises(Crowd& crowd);  // what was acknowledged

}  // namespace exitbus::simulation
