// A wait that passes its working-day deadline: an overlay, it moves nothing. The side that waits
// says so to everyone concerned, and says so again to the contact point when the answer comes after
// all.
#pragma once

#include "services/casework/rules.h"
#include "services/exchange/decision.h"

namespace exitbus::casework {

// Whatever was decided: if it ends a wait that this side had escalated, the contact point is told.
void TellAnswered(const jv1::CaseFile& before, const exchange::DecisionContext& context,
                  exchange::Decision& decision);

}  // namespace exitbus::casework
