// Somebody who may write to the broker and has nobody's keys.
#pragma once

#include "tests/simulation/world.h"

namespace exitbus::simulation {

// A receipt in `author`'s name to `reader`, of more than was ever sent, signed by a key of the
// forger's own. False: `reader` has sent `author` nothing.
[[nodiscard]] bool ForgeReceipt(World& world, Node& author, Node& reader);

}  // namespace exitbus::simulation
