#include "adapters/system/version.h"

#include <iostream>

namespace exitbus::adapters {

std::string_view Version() { return EXITBUS_VERSION; }

bool PrintedVersion(int argc, char** argv, std::string_view program) {
  if (argc != 2 || std::string_view(argv[1]) != "--version") return false;
  std::cout << program << " " << Version() << std::endl;
  return true;
}

}  // namespace exitbus::adapters
