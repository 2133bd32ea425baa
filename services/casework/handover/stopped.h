// A handover whose sides do not reach each other any more: their correspondence was stopped, since
// one of them holds another history than the other.
#pragma once

#include <string_view>

#include "services/casework/rules.h"
#include "services/exchange/decision.h"

namespace exitbus::casework {

// It is shown with the handover, until the correspondence goes on.
exchange::Decision NoteStopped(const jv1::CaseFile& file, std::string_view handover_id,
                               std::string_view counterpart, bool stopped);

// The operators of both sides have agreed, on a statement that both services sign, that it ends and
// the holder keeps the case. At the receiver this is its rejection or its decline; the holder acts
// on the signed statement as on the letter. Rules: settlement.no_such_handover,
// settlement.holder_proposes, settlement.taken_over.
exchange::Decision EndByAgreement(const jv1::CaseFile& file, std::string_view handover_id,
                                  std::string_view counterpart, bool proposes,
                                  const exchange::DecisionContext& context);

}  // namespace exitbus::casework
