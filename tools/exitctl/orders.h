// Orders to a running service, as files in its data folder.
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "exitbus/recovery/v1/order.pb.h"
#include "tools/exitctl/command_line.h"

namespace exitbus::exitctl {

// An order with what every order says, from --authority, --by and --reason. INVALID_ARGUMENT: one
// of them is missing.
absl::StatusOr<recovery::v1::Order> OrderSaid(const CommandLine& line);

// Lays it into the folder and waits for its result. DEADLINE_EXCEEDED: the service does not run, or
// not on this folder; the order is taken back.
absl::StatusOr<recovery::v1::OrderResult> Give(const recovery::v1::Order& order,
                                               const std::string& data_folder);

}  // namespace exitbus::exitctl
