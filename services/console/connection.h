// Whether letters from one authority reach another: each step of a letter's way, by what is known,
// and what to mend where one is bad. It rests on nothing that only one of the two may know of the
// other.
#pragma once

#include "absl/time/time.h"

namespace exitbus::exchange {
struct DirectoryEntry;
}
namespace exitbus::operations::v1 {
class TestConnectionResponse;
}

namespace exitbus::console {

struct World;

operations::v1::TestConnectionResponse TestConnection(const World& world,
                                                      const exchange::DirectoryEntry& from,
                                                      const exchange::DirectoryEntry& to,
                                                      absl::Time now);

}  // namespace exitbus::console
