// What a candidate's file has to do with notices to population registers: whether a person who
// moves into this district may depart, and that a notice ends when he does not come.
#pragma once

#include <string>
#include <string_view>

#include "services/exchange/decision.h"
#include "services/exchange/decision_context.h"

namespace exitbus::handover::v1 {
enum AddressProtection : int;
}

namespace exitbus::police {

// Who answers for a person who is to move to this municipality of this district by that handover,
// which is accepted; empty: nobody is to.
std::string HolderOfMove(const std::string& handover_id, const std::string& municipality,
                         const exchange::DecisionContext& context);

// Whether it is, and this unit knows whose move it is; and whether it is this person's.
bool IsMoveOfSomebody(const std::string& handover_id, const std::string& municipality,
                      const exchange::DecisionContext& context);
bool IsMover(const std::string& handover_id, const std::string& cpr_number,
             const exchange::DecisionContext& context);

// What is told last counts there.
void TellProtection(const std::string& holder, const std::string& handover_id,
                    handover::v1::AddressProtection protection,
                    const exchange::DecisionContext& context, exchange::Decision& decision);

}  // namespace exitbus::police
