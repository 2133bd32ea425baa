// What may be forgotten is: outcomes and what is gone from watched lists after 30 days, dead
// letters with the keys they were sealed to.
#pragma once

#include "absl/time/time.h"

namespace exitbus::exchange {

class ChangeIndex;
struct Environment;

inline constexpr absl::Duration kHousekeepingEvery = absl::Hours(1);
// The topics' retention and a day: after that the sealing key of a dead letter may be gone.
inline constexpr absl::Duration kDeadLettersKept = absl::Hours(8 * 24);

// Erases what is over. Errors are logged: it is tried again in an hour.
void KeepHouse(const Environment& environment, const ChangeIndex& changes);

}  // namespace exitbus::exchange
