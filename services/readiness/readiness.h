// Whom to turn to at each authority, and for what: this one's own list, and all that others have
// published. Every kind of authority has it.
#pragma once

#include "services/exchange/aggregate.h"

namespace exitbus::readiness {

// One of this authority itself, which is there from the first start on, and one of each other that
// has published.
exchange::Aggregate ReadinessLists();

}  // namespace exitbus::readiness
