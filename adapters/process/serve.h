// Runs one process of exitbus until SIGTERM or SIGINT: an authority's service, or the console.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "services/exchange/aggregate.h"
#include "services/exchange/environment.h"

namespace exitbus::config::v1 {
class ConsoleConfig;
}
namespace exitbus::exchange {
class Core;
}
namespace exitbus::policy::v1 {
enum AuthorityKind : int;
}

namespace exitbus::adapters {

// What main returns. Usage: <binary> [--new-store] --config FILE. Every mistake of the
// configuration, a data folder in use or without a store, a directory that does not verify or a
// port in use ends it at once with a text that names the remedy (exit status 2); a listener that no
// longer accepts ends it too (3), for its supervisor to start it anew; a broker that is away does
// not: the service starts, serves and accepts commands, and says so in its log and in the health of
// "exitbus.bus".
int Serve(int argc, char** argv, policy::v1::AuthorityKind kind, exchange::Service service);

// The same of the console, which `make` makes of its configuration and ports.
using MakeConsole = std::function<std::unique_ptr<exchange::Core>(const config::v1::ConsoleConfig&,
                                                                  exchange::Environment)>;
int ServeConsole(int argc, char** argv, MakeConsole make, std::vector<std::string> api_services);

}  // namespace exitbus::adapters
