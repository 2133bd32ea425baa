// What was wrong in a case is corrected here and at everyone who was sent it, each his own part,
// and each confirms. It goes down the line of those who had the case before: each tells the one
// that he had it from, and confirms once that one has, so that who corrects hears of the end.
#pragma once

#include <google/protobuf/repeated_ptr_field.h>

#include <string_view>
#include <vector>

#include "services/casework/handover/letters.h"
#include "services/casework/rules.h"
#include "services/exchange/aggregate.h"
#include "services/exchange/decision.h"

namespace exitbus::casework {

// Null: the file knows none of this id.
const jv1::Correction* FindCorrection(const jv1::CaseFile& file, std::string_view correction_id);
// Whether anybody told of it has yet to confirm. A handover that ended has erased instead.
bool HasOutstanding(const jv1::CaseFile& file, const jv1::Correction& correction);
// Since when what the file says of this category (policy.v1.Category) is so; null: from the
// beginning.
const google::protobuf::Timestamp* ChangedSince(const jv1::CaseFile& file, int category);
google::protobuf::RepeatedPtrField<cv1::Correction> CorrectionsOf(const jv1::CaseFile& file);

}  // namespace exitbus::casework
