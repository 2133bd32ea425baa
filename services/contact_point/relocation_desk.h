// Requests for permanent relocation, by codes: nominated by a police unit, assessed here.
#pragma once

#include "services/exchange/aggregate.h"

namespace exitbus::contact_point {

exchange::Aggregate RequestedRelocations();

}  // namespace exitbus::contact_point
