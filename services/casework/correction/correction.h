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

namespace exitbus::casework::v1 {
class CorrectCaseRequest;
class CorrectionConfirmed;
class CorrectionIssued;
}  // namespace exitbus::casework::v1

namespace exitbus::casework {

Decision CorrectCase(const jv1::CaseFile&, const v1::CorrectCaseRequest&, const exchange::Facts&);

// At the receiver: corrected and confirmed. At the former holder: noted, passed on to whom it had
// the case from and the police unit that was left then, and confirmed once they have.
Decision OnCorrectionIssued(const PartyLetter& letter, const v1::CorrectionIssued& told);
// From whoever was told, under his own id of the case. The last one lets a former holder confirm.
Decision OnCorrectionConfirmed(const CaseLetter& letter, const v1::CorrectionConfirmed& told);

// Somebody has not confirmed in time: operators are alarmed.
Decision DecideOverdueCorrection(const jv1::CaseFile& file, std::string_view correction_id,
                                 const exchange::Facts& facts);
std::vector<exchange::Deadline> CorrectionDeadlines(const jv1::CaseFile& file);

// What the events do to the file.
void Correct(jv1::CaseFile& file, const jv1::Corrected& corrected);
void CorrectAsTold(jv1::CaseFile& file, const jv1::CorrectionLearnt& learnt);
void Answer(jv1::CaseFile& file, const jv1::CorrectionAnswered& answered);
void MarkOverdue(jv1::CaseFile& file, const jv1::CorrectionOverdue& overdue);

// Null: the file knows none of this id.
const jv1::Correction* FindCorrection(const jv1::CaseFile& file, std::string_view correction_id);
// Whether anybody told of it has yet to confirm. A handover that ended has erased instead.
bool HasOutstanding(const jv1::CaseFile& file, const jv1::Correction& correction);
google::protobuf::RepeatedPtrField<cv1::Correction> CorrectionsOf(const jv1::CaseFile& file);

}  // namespace exitbus::casework
