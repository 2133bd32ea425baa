// A length of time as it is typed: "8d", "36h", "1h30m", "10s".
#pragma once

#include <optional>
#include <string>

#include "absl/time/time.h"

namespace exitbus::exitctl {

// Nullopt: it is none, or below 0.
std::optional<absl::Duration> LengthOfTime(const std::string& text);

}  // namespace exitbus::exitctl
