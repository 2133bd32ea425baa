// What a fault in the projection could do, done to a stopped authority's store with its own keys.
#pragma once

#include <string>

#include "services/exchange/ports/store.h"
#include "services/exchange/vault.h"

namespace exitbus::story {

// Leaves a measure with this description in the letter about a signed agreement that waits for NEC,
// which may see none. False: no such letter waits.
[[nodiscard]] bool LeaveAMeasureIn(exchange::Store& store, exchange::Vault& vault,
                                   const std::string& description);

}  // namespace exitbus::story
