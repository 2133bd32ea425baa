// The whole program but for the process around it.
#pragma once

#include <string>
#include <vector>

#include "tools/exitctl/call.h"
#include "tools/exitctl/profile.h"

namespace exitbus::exitctl {

// Runs what `arguments` (without the program's name) say. Returns the exit status.
int Run(const std::vector<std::string>& arguments, const Environment& environment,
        Terminal terminal);

}  // namespace exitbus::exitctl
