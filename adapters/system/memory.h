// How much memory this process takes.
#pragma once

#include <cstdint>

namespace exitbus::adapters {

// Resident now; 0: cannot be told.
std::uint64_t ResidentBytes();

}  // namespace exitbus::adapters
