// Runs one authority's service until SIGTERM or SIGINT.
#pragma once

#include "services/exchange/aggregate.h"

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

}  // namespace exitbus::adapters
