// The contact point's desk for the central pool: it decides applications against a year's budget,
// pays, and accepts accounts. It sees codes and amounts, and no person.
#pragma once

#include "services/exchange/aggregate.h"

namespace exitbus::contact_point {

// One for each budget year, composed of the parts that pool.h lists.
exchange::Aggregate PoolYears();

}  // namespace exitbus::contact_point
