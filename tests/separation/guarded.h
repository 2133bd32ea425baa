// What a letter must not move, of any kind of file: who answers for it, its stage, its unit, who it
// is about; of a year of the pool, its money.
#pragma once

#include <string>

namespace exitbus::simulation {

// Of a stored state; "erased" of a tombstone. Of an aggregate that nobody has thought of here, all.
std::string Guarded(const std::string& aggregate, const std::string& bytes);

}  // namespace exitbus::simulation
