// That somebody who takes part in a case asks for a pause of its course.
#pragma once

#include <optional>

#include "services/exchange/decision.h"

namespace exitbus::taking_part {

// How the course stands, as far as was told.
struct Course {
  bool is_open;  // there is an agreement, and it is not over
  bool is_paused;
  bool is_asked;  // a pause, and nothing has come of it
};

// nullopt: it may be asked for.
std::optional<exchange::Decision> RefusePause(const Course& course);

}  // namespace exitbus::taking_part
