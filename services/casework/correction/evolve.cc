// What corrections make of a case file, what is owed of them, and how they are shown.
#include <algorithm>
#include <string>

#include "exitbus/policy/v1/policy.pb.h"
#include "services/casework/correction/correction.h"
#include "services/casework/handover/rules.h"
#include "services/exchange/obligation.h"
#include "services/exchange/repeated.h"
#include "services/policy/copy.h"

namespace exitbus::casework {
namespace {

namespace pv1 = policy::v1;
using google::protobuf::Timestamp;

constexpr int kEarlierMax = 50;

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

// What the file says of the category is so until then.
cv1::EarlierDetail& AddEarlier(jv1::CaseFile& file, int category, const Timestamp& until) {
  cv1::EarlierDetail& earlier = *file.add_earlier();
  if (const Timestamp* since = ChangedSince(file, category)) *earlier.mutable_valid_from() = *since;
  *earlier.mutable_valid_until() = until;
  return earlier;
}

void KeepEarlier(const Timestamp& until, const jv1::Corrections& details, jv1::CaseFile& file) {
  const cv1::Person& now = file.person();
  const auto ends = [](const std::string& is, const std::string& becomes) {
    return !is.empty() && !becomes.empty();
  };
  if (ends(now.cpr_number(), details.person().cpr_number())) {
    AddEarlier(file, pv1::CATEGORY_CPR_NUMBER, until)
        .mutable_person()
        ->set_cpr_number(now.cpr_number());
  }
  if (ends(now.name(), details.person().name())) {
    AddEarlier(file, pv1::CATEGORY_NAME, until).mutable_person()->set_name(now.name());
  }
  if (ends(file.current_address(), details.current_address())) {
    AddEarlier(file, pv1::CATEGORY_ADDRESS, until).set_current_address(file.current_address());
  }
  auto& all = *file.mutable_earlier();
  exchange::KeepNewest(all, kEarlierMax);
}

template <class Learnt>
void Correct(jv1::CaseFile& file, const Learnt& learnt) {
  const jv1::Correction& correction = learnt.correction();
  if (correction.has_changed_from()) {
    KeepEarlier(correction.changed_from(), learnt.corrections(), file);
  }
  *file.add_corrections() = correction;
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
  part.After(&Correct<jv1::Corrected>)
      .After(&Correct<jv1::CorrectionLearnt>)
      .After(&Answer)
      .Obligations("correction.overdue", &OwedByThoseTold);
  return part;
}

const jv1::Correction* FindCorrection(const jv1::CaseFile& file, std::string_view correction_id) {
  return exchange::FindIn(file.corrections(), [&](const jv1::Correction& correction) {
    return correction.correction_id() == correction_id;
  });
}

const Timestamp* ChangedSince(const jv1::CaseFile& file, int category) {
  const Timestamp* since = nullptr;
  for (const jv1::Correction& correction : file.corrections()) {
    const auto& of = correction.categories();
    const bool is_of_it = std::find(of.begin(), of.end(), category) != of.end();
    if (correction.has_changed_from() && is_of_it) since = &correction.changed_from();
  }
  return since;
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
