// The machine's clock.
#pragma once

#include "services/exchange/ports/time.h"

namespace exitbus::adapters {

class SystemClock final : public exchange::Clock {
 public:
  absl::Time Now() const override;
};

}  // namespace exitbus::adapters
