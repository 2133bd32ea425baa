// Whom police units and units of Kriminalforsorgen refer to this municipality: who it is and how he
// may safely be reached, until it is answered. Under an id of its sender's; of no case.
#pragma once

#include "services/exchange/aggregate.h"

namespace exitbus::municipality {

exchange::Aggregate ReceivedReferrals();

}  // namespace exitbus::municipality
