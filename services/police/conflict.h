// What another district's police unit asks this one: whether there would be a conflict in a
// municipality of its own. Under an id made for it, without a name.
#pragma once

#include "services/exchange/aggregate.h"

namespace exitbus::police {

exchange::Aggregate AskedConflicts();

}  // namespace exitbus::police
