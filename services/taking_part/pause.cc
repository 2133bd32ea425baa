#include "services/taking_part/pause.h"

namespace exitbus::taking_part {

using exchange::Decision;

std::optional<Decision> RefusePause(const Course& course) {
  if (!course.is_open) {
    return Decision::Refuse("pause.no_course", "There is no course that could be paused.");
  }
  if (course.is_paused) return Decision::Refuse("pause.is_paused", "The course is paused.");
  if (course.is_asked) {
    return Decision::Refuse(
        "pause.asked", "This unit has asked for it. The authority in charge decides: call it.");
  }
  return std::nullopt;
}

}  // namespace exitbus::taking_part
