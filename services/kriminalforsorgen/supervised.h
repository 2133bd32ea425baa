// Whom this unit supervises while a municipality answers for the case: who he is, how far the
// course is, and what is attested of it. Under an id of its own, beside whatever case files there
// are of the person; gone when the supervision ends.
#pragma once

#include "services/exchange/aggregate.h"

namespace exitbus::kriminalforsorgen {

exchange::Aggregate SupervisedCases();

}  // namespace exitbus::kriminalforsorgen
