// The contact point's table of handovers, for coordinating and recording: those across police
// districts, and those with a wait over its deadline. It lists, nudges and records; responsibility
// it cannot move: it has no way to.
#pragma once

#include "services/exchange/aggregate.h"

namespace exitbus::contact_point {

// One for each handover, composed of the parts that monitored.h lists.
exchange::Aggregate MonitoredHandovers();

}  // namespace exitbus::contact_point
