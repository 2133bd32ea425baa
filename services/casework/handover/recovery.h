// A case whose file was put back to an earlier state follows the signed statements that the other
// side of a handover still has.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "services/casework/rules.h"
#include "services/exchange/decision.h"

namespace exitbus::casework {

// The offer of this handover and the take-over that answers it, if there are; nothing of what came
// after them, which a former holder is not told.
std::vector<std::string> SharedStatements(const jv1::CaseFile& file, std::string_view handover_id,
                                          std::string_view counterpart);

// The index key of the case that these are of; empty: they do not say.
std::string CaseOfStatements(const std::vector<std::string>& statements);

// What was offered is offered here too, and what was taken over has moved. A receiver that knows of
// an offer and is shown no take-over declines it: what it may have answered is forgotten, and the
// holder keeps the case. Rule: recovery.lost, where this file has nothing of the handover and the
// statements do not make it the holder's.
exchange::Decision FollowStatements(const jv1::CaseFile& file, std::string_view handover_id,
                                    std::string_view counterpart,
                                    const std::vector<std::string>& statements,
                                    const exchange::DecisionContext& context);

}  // namespace exitbus::casework
