// What other subjects use of the question whether another prison is safe. Internal to casework.
#pragma once

#include "services/casework/parts.h"
#include "services/casework/rules.h"

namespace exitbus::casework {

// Whether this measure may be begun, as far as the police have to say something of it (N-12).
bool IsTransferClear(const jv1::CaseFile& file, const cv1::Measure& measure, absl::Time now);
void ShowTransferCheck(const jv1::CaseFile& file, cv1::Case& view);
// What Kriminalforsorgen's people ask.
void ServeTransferCheck(CasePart& part);

}  // namespace exitbus::casework
