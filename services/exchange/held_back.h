// Whether letters to a peer wait, and why.
#pragma once

#include <string>

namespace exitbus::exchange {

struct Environment;

// Why nothing goes to this peer for now; empty: it does. "own": this authority is not in service.
std::string HeldBackBecause(const Environment& environment, const std::string& peer);

}  // namespace exitbus::exchange
