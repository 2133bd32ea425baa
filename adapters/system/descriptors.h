// How many files and connections this process may have open at once.
#pragma once

#include <cstdint>

#include "absl/status/status.h"

namespace exitbus::adapters {

// Sets the bound, above what was the default too. FAILED_PRECONDITION, with the remedy: the system
// allows this process fewer.
absl::Status SetDescriptorsMax(std::uint32_t wanted);

// How many are open now; 0: cannot be told.
std::uint32_t DescriptorsOpen();

}  // namespace exitbus::adapters
