// A wait that passes its working-day deadline: an overlay, it moves nothing. The side that waits
// says so to everyone concerned, and says so again to the contact point when the answer comes after
// all.
#pragma once

#include <string_view>

#include "services/casework/handover/letters.h"
#include "services/exchange/decision.h"
#include "services/exchange/facts.h"

namespace exitbus::casework {

Decision DecideDeadline(const jv1::CaseFile& file, std::string_view handover_id,
                        const exchange::Facts& facts);
Decision OnEscalated(const Letter& letter);
// The contact point nudges us, under its own id of the handover.
Decision OnNudged(const jv1::CaseFile& file, const LetterPlace& place,
                  const exchange::Facts& facts);

// The decision; if it ends a wait that this side had escalated, the contact point is told.
Decision WithAnswers(const jv1::CaseFile& file, Decision decision, const exchange::Facts& facts);

}  // namespace exitbus::casework
