#include "adapters/system/system_clock.h"

#include "absl/time/clock.h"

namespace exitbus::adapters {

absl::Time SystemClock::Now() const { return absl::Now(); }

}  // namespace exitbus::adapters
