// What comes to the minds of people of five authorities about one relocation.
#pragma once

#include <random>

#include "tests/simulation/stay_world.h"

namespace exitbus::simulation {

// Who is in the middle of a crowd: each act is somebody's, and may well be refused.
struct RelocationAct {
  const char* name;
  int weight;  // what brings the case on is done more often
  void (*done)(StayWorld&);
};

const RelocationAct& AnyRelocationAct(std::mt19937_64& chance);

}  // namespace exitbus::simulation
