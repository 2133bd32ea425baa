// The daily comparison with NEC's overview, at an authority that answers for cases: what it lists,
// and what NEC says differs.
#pragma once

#include <cstddef>

#include "services/exchange/aggregate.h"

namespace exitbus::casework {

// So many cases in one letter; more go in several.
inline constexpr std::size_t kListedMax = 200;

// What this authority has given. It falls due every morning, and what is given is made from the
// case files each time.
exchange::Aggregate Inventories();

}  // namespace exitbus::casework
