// Whom another district's unit has placed in this one for some time: what to know of him, and that
// he is safe here. Of the person and the place, and of no case; gone when the stay ends.
#pragma once

#include "services/exchange/aggregate.h"

namespace exitbus::police {

exchange::Aggregate HostedStays();

}  // namespace exitbus::police
