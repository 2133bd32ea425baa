// What people do in a run at random: one act of somebody's, which may well be refused.
#pragma once

#include "tests/simulation/random/crowd.h"

namespace exitbus::simulation {

// Who is there at first; one of them is the person of the relocation.
void Begin(Crowd& crowd);
void ActOnce(Crowd& crowd);

}  // namespace exitbus::simulation
