// What corrections make of a case file, what is owed of them, and how they are shown.
#include <string>

#include "services/casework/correction/correction.h"
#include "services/casework/handover/rules.h"
#include "services/exchange/obligation.h"
#include "services/exchange/repeated.h"
#include "services/policy/copy.h"

namespace exitbus::casework {
namespace {

// A handover that ended has erased instead.
exchange::Settled EndedIn(const jv1::CaseFile& file) {
  return [&file](const auto& party) {
    if (party.handover_id().empty()) return false;
    const jv1::Handover* handover = FindHandover(file, party.handover_id());
    return handover == nullptr || HasEnded(*handover);
  };
}

void Apply(const jv1::Corrections& corrections, jv1::CaseFile& file) {
  if (corrections.has_person()) file.mutable_person()->MergeFrom(corrections.person());
  if (!corrections.current_address().empty()) {
    file.set_current_address(corrections.current_address());
  }
  if (corrections.has_visitation()) file.mutable_visitation()->MergeFrom(corrections.visitation());
  for (cv1::Measure& measure : *file.mutable_agreement()->mutable_measures()) {
    const auto corrected = corrections.measure_descriptions().find(measure.measure_id());
    if (corrected != corrections.measure_descriptions().end()) {
      measure.set_description(corrected->second);
    }
  }
}

void Correct(jv1::CaseFile& file, const jv1::Corrected& corrected) {
  *file.add_corrections() = corrected.correction();
  Apply(corrected.corrections(), file);
}

void CorrectAsNotified(jv1::CaseFile& file, const jv1::CorrectionLearnt& learnt) {
  *file.add_corrections() = learnt.correction();
  Apply(learnt.corrections(), file);
}

void Answer(jv1::CaseFile& file, const jv1::CorrectionAnswered& answered) {
  auto* correction = const_cast<jv1::Correction*>(FindCorrection(file, answered.correction_id()));
  if (correction != nullptr) exchange::Confirm(answered.by(), *correction->mutable_obligation());
}

std::vector<exchange::NamedObligation> OwedByThoseTold(const jv1::CaseFile& file) {
  std::vector<exchange::NamedObligation> owed;
  for (const jv1::Correction& correction : file.corrections()) {
    owed.push_back({correction.correction_id(), &correction.obligation(), EndedIn(file)});
  }
  return owed;
}

}  // namespace

CasePart CorrectionEvents() {
  CasePart part;
  part.After(&Correct)
      .After(&CorrectAsNotified)
      .After(&Answer)
      .Obligations("correction.overdue", &OwedByThoseTold);
  return part;
}

const jv1::Correction* FindCorrection(const jv1::CaseFile& file, std::string_view correction_id) {
  return exchange::FindIn(file.corrections(), [&](const jv1::Correction& correction) {
    return correction.correction_id() == correction_id;
  });
}

bool HasOutstanding(const jv1::CaseFile& file, const jv1::Correction& correction) {
  return !exchange::IsMet(correction.obligation(), EndedIn(file));
}

google::protobuf::RepeatedPtrField<cv1::Correction> CorrectionsOf(const jv1::CaseFile& file) {
  google::protobuf::RepeatedPtrField<cv1::Correction> all;
  for (const jv1::Correction& correction : file.corrections()) {
    cv1::Correction& seen = *all.Add();
    policy::CopyAlike(correction, seen);
    const auto& message = correction.obligation();
    for (const auto& party : message.parties()) {
      if (party.has_confirmed()) {
        seen.add_confirmed(party.authority());
      } else if (exchange::IsOutstanding(party, EndedIn(file))) {
        seen.add_outstanding(party.authority());
      }
    }
    exchange::ShowDue(message, seen, EndedIn(file));
  }
  return all;
}

}  // namespace exitbus::casework
