// What other subjects use of the programme. Internal to casework.
#pragma once

#include <cstdint>
#include <optional>

#include "services/casework/parts.h"
#include "services/casework/rules.h"
#include "services/exchange/decision.h"

namespace exitbus::casework {

// It ends here: the event, and NEC told. Also where a withdrawal was learnt while the case was on
// its way.
void Withdraw(const jv1::CaseFile& file, std::uint64_t number,
              const exchange::DecisionContext& context, exchange::Decision& decision);

// The case's police unit, if it has one, hears that the case is at this stage, and no more: what is
// agreed needs a basis of its own.
void TellPoliceStage(const jv1::CaseFile& file, cv1::CaseStage stage,
                     const exchange::DecisionContext& context, exchange::Decision& decision);

// Why nobody could be held to this agreement; nullopt: somebody could (AGR-01 to AGR-08).
std::optional<exchange::Decision> RefuseAgreement(const cv1::Agreement& agreement,
                                                  const exchange::DecisionContext& context);
// A case is found by the person it is about, while this authority holds it and after.
void ServeSearch(CasePart& part);

// Whether this authority answers for an open case of the person, or for this case.
bool PersonHasCase(const exchange::Lookup& lookup, const std::string& cpr_number);
bool AnswersForCase(const exchange::Lookup& lookup, const std::string& case_id);

}  // namespace exitbus::casework
