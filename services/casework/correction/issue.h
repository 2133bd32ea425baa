// What a correction and a change of a person's details have in common: both are decided by who
// holds the case, and told. Internal to casework.
#pragma once

#include <string>

#include "absl/time/time.h"
#include "services/casework/rules.h"
#include "services/exchange/decision.h"
#include "services/exchange/decision_context.h"

namespace exitbus::casework {

namespace v1 {
class ChangeDetailsRequest;
}

// Puts into `to` what is given of these and differs from what the file says.
void CompareDetails(const jv1::CaseFile& file, const cv1::Person& person,
                    const std::string& current_address, jv1::Corrections& to);

// Valid time of a correction: what is corrected was never otherwise.
absl::Time OpeningOf(const jv1::CaseFile& file, const exchange::DecisionContext& context);

// The event, whose correction gets an id, and everybody told who is concerned; or
// `case.person_has_open_case`.
exchange::Decision Issue(const jv1::CaseFile& file, jv1::Corrected corrected, absl::Time valid_from,
                         const exchange::DecisionContext& context);

// The citizen moves, or gets another name or CPR number.
exchange::Decision ChangeDetails(const jv1::CaseFile& file, const v1::ChangeDetailsRequest& request,
                                 const exchange::DecisionContext& context);

}  // namespace exitbus::casework
