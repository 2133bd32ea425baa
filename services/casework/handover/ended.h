// That a handover came to nothing, as its holder tells those who follow it.
#pragma once

#include "services/casework/rules.h"
#include "services/exchange/decision.h"

namespace exitbus::casework {

// Whatever was decided: if the receiver's no ends a handover of ours by it, its followers are told,
// as of a recall. The receiver tells them as well; but nobody reads what an authority said that is
// gone, and of a handover that it never heard of it says nothing.
void TellEnded(const jv1::CaseFile& before, const exchange::DecisionContext& context,
               exchange::Decision& decision);

}  // namespace exitbus::casework
