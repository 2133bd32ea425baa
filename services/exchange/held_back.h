// Whether letters to a peer wait, and why.
#pragma once

#include <string>

namespace exitbus::exchange {

struct Environment;
struct OutboxAddress;

// Why nothing goes to this peer over this channel for now; empty: it does. "own": this authority is
// not in service; "paused": its operators have stopped the channel for a while.
std::string HeldBackBecause(const Environment& environment, const OutboxAddress& to);

}  // namespace exitbus::exchange
