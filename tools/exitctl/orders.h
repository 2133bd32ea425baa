// Orders to a running service, as files in its data folder.
#pragma once

#include "exitbus/recovery/v1/order.pb.h"
#include "tools/exitctl/commands.h"

namespace exitbus::exitctl {

// An order with what every order says: --authority, --by and --reason.
recovery::v1::Order OrderSaid(const Said& said);

// By its name in topics, "handover"; UNSPECIFIED: there is none.
policy::v1::Channel ChannelNamed(const std::string& name);

// Lays it into the data folder, waits for its result and tells that on the terminal; without one
// the order is taken back. What goes to the other side's operators is kept under --out, if that was
// said. Returns as RunCommand does.
absl::StatusOr<int> GiveAndTell(const recovery::v1::Order& order, const Invocation& on);

}  // namespace exitbus::exitctl
