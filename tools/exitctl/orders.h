// Orders to a running service, as files in its data folder.
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "exitbus/recovery/v1/order.pb.h"
#include "tools/exitctl/call.h"
#include "tools/exitctl/command_line.h"

namespace exitbus::exitctl {

// An order with what every order says, from --authority, --by and --reason. INVALID_ARGUMENT: one
// of them is missing.
absl::StatusOr<recovery::v1::Order> OrderSaid(const CommandLine& line);

// Lays it into the data folder, waits for its result and tells that on the terminal; without one
// the order is taken back. What goes to the other side's operators is kept under --out, if that was
// said. Returns the exit status.
int GiveAndTell(const recovery::v1::Order& order, const CommandLine& line, Terminal terminal);

}  // namespace exitbus::exitctl
