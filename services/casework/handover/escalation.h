// A wait that passes its working-day deadline: an overlay, it moves nothing. The side that waits
// says so to everyone concerned, and says so again to the contact point when the answer comes after
// all.
#pragma once

#include <string_view>
#include <vector>

#include "services/casework/handover/letters.h"
#include "services/exchange/decision.h"
#include "services/exchange/facts.h"

namespace exitbus::casework {

// One for each handover that waits for somebody, whose name is the handover's id.
std::vector<exchange::Deadline> WaitDeadlines(const jv1::CaseFile& file);
Decision DecideWaitDeadline(const jv1::CaseFile& file, std::string_view handover_id,
                            const Facts& facts);
Decision OnEscalated(const PartyLetter& letter, const hv1::HandoverEscalated&);
// The contact point nudges us, under its own id of the handover.
Decision OnNudged(const CaseLetter& letter, const hv1::HandoverNudged&);

// Whatever was decided: if it ends a wait that this side had escalated, the contact point is told.
void TellAnswered(const jv1::CaseFile& before, const Facts& facts, Decision& decision);

}  // namespace exitbus::casework
