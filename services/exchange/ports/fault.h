// How a mistake in the program itself ends it. What comes from outside never does: that is a
// status.
#pragma once

#include <string_view>

namespace exitbus::exchange {

// Says on stderr what is wrong, and of what, and aborts. `what` is a sentence about the program and
// names nobody; the only other place that ends a process so is a test.
[[noreturn]] void ProgramFault(std::string_view what, std::string_view of = {});

}  // namespace exitbus::exchange
