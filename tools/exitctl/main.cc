// exitctl: an authority's service from the command line, and the keys and the directory of a new
// deployment.
#include <unistd.h>

#include <cstdlib>
#include <iostream>
#include <string>
#include <vector>

#include "adapters/system/no_dumps.h"
#include "adapters/system/version.h"
#include "tools/exitctl/run.h"

int main(int argc, char** argv) {
  if (exitbus::adapters::PrintedVersion(argc, argv, "exitctl")) return 0;
  exitbus::adapters::ForbidDumps();
  // gRPC's own words about a lost connection; the error says it already.
  setenv("GRPC_VERBOSITY", "NONE", 0);
  // Between two attempts of a watch nobody looks after gRPC but its own beat, which is 5 s: as long
  // as a server waits for a handshake, so that on a busy machine none would ever come about.
  setenv("GRPC_CLIENT_CHANNEL_BACKUP_POLL_INTERVAL_MS", "100", 0);
  return exitbus::exitctl::Run(
      std::vector<std::string>(argv + 1, argv + argc),
      [](const std::string& variable) -> const char* { return std::getenv(variable.c_str()); },
      {std::cin, std::cout, std::cerr, std::cout, isatty(STDOUT_FILENO) != 0});
}
