// NEC's exit overview: who is in exit and which authority answers for them. It reads no gang list
// and writes none (NEC-04, NEC-05): it has no way to.
#pragma once

#include "services/exchange/aggregate.h"

namespace exitbus::nec {

// One entry for each case, composed of the parts that entry.h lists.
exchange::Aggregate OverviewEntries();

// What authorities list of their cases every day, and how the entries differ: one, of all of them.
exchange::Aggregate HolderInventories();

}  // namespace exitbus::nec
