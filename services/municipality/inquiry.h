// What the contact point asks a municipality: whether it has room for a household that moves. Under
// an id that is used once, by codes that say of nobody who it is.
#pragma once

#include "services/exchange/aggregate.h"

namespace exitbus::municipality {

exchange::Aggregate Inquiries();

}  // namespace exitbus::municipality
