// Which version of the programs this is, as the project says.
#pragma once

#include <string_view>

namespace exitbus::adapters {

std::string_view Version();

// Prints "PROGRAM VERSION" if the only argument asks for it with --version. Whether it did.
bool PrintedVersion(int argc, char** argv, std::string_view program);

}  // namespace exitbus::adapters
