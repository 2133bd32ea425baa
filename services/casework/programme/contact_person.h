// What other subjects use of the contact person. Internal to casework.
#pragma once

#include "services/casework/parts.h"
#include "services/exchange/decision.h"

namespace exitbus::casework {

// Whatever was decided: the police unit and the unit that supervises the person hear who it is, and
// each change, as long as they take part.
void FollowContactPerson(const casework_journal::v1::CaseFile& before,
                         const exchange::DecisionContext& context, exchange::Decision& decision);

// Whether who it is now still takes part once the case has moved.
bool StaysWhoItMoves(const casework_journal::v1::CaseFile& file,
                     const casework_journal::v1::Handover& handover);

}  // namespace exitbus::casework
