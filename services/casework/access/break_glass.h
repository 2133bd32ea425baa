// Break-glass: an employee of a unit that is not involved reads a case all the same, for a reason
// and a time, once a second person has approved. Inside one authority only; the case itself tells
// its owner at once.
#pragma once

#include "services/casework/rules.h"
#include "services/exchange/decision_context.h"

namespace exitbus::casework {

// The exception by which the caller sees the case now; null: none. Time alone ends it.
const cv1::BreakGlass* RunningFor(const jv1::CaseFile& file,
                                  const exchange::DecisionContext& context);

}  // namespace exitbus::casework
