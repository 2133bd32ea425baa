// A case's requests for relocation. Internal to casework.
#pragma once

#include "exitbus/casework_journal/v1/journal.pb.h"
#include "services/casework/rules.h"
#include "services/exchange/decision.h"
#include "services/exchange/decision_context.h"

namespace exitbus::casework {

// A case has one request at a time.
extern const Rule kNoOpenRelocation;

// Whatever was decided: if the programme has ended, what is open is withdrawn, and the police unit
// hears it. If the case has moved it ends here; the unit hears of that from the new holder.
void EndRelocation(const jv1::CaseFile& before, const exchange::DecisionContext& context,
                   exchange::Decision& decision);

}  // namespace exitbus::casework
