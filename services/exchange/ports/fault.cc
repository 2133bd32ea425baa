#include "services/exchange/ports/fault.h"

#include <cstdio>
#include <cstdlib>

namespace exitbus::exchange {

void ProgramFault(std::string_view what, std::string_view of) {
  std::fprintf(stderr, "exitbus: fault of the program: %.*s%s%.*s\n", static_cast<int>(what.size()),
               what.data(), of.empty() ? "" : ": ", static_cast<int>(of.size()), of.data());
  std::abort();
}

}  // namespace exitbus::exchange
