// A figure over all that a list would walk: how many persons are in exit. It is made anew from the
// states each time, so there is nothing beside them that could differ.
#pragma once

#include "services/exchange/calls.h"

namespace exitbus::exchange {

struct DecisionContext;

Answer TallyAll(UnitOfWork& work, const BoundMethod& bound, const Call& call,
                const DecisionContext& context);

}  // namespace exitbus::exchange
