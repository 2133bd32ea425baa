// Who sees what of a case inside this authority: a unit its own part, whoever has an exception all
// of it for a time, who answers for the case what was recorded or is still consented to.
#include <algorithm>
#include <string>
#include <vector>

#include "absl/algorithm/container.h"
#include "exitbus/policy/v1/policy.pb.h"
#include "services/casework/access/break_glass.h"
#include "services/casework/access/units.h"
#include "services/casework/addresses.h"
#include "services/exchange/repeated.h"
#include "services/policy/plan.h"
#include "services/policy/viewer.h"

namespace exitbus::casework {
namespace {

namespace pv1 = policy::v1;
using exchange::DecisionContext;
using google::protobuf::Message;

using TextOf = const std::string& (*)(const cv1::Visitation&);
const std::string& Health(const cv1::Visitation& visitation) { return visitation.health_needs(); }
const std::string& Motivation(const cv1::Visitation& visitation) { return visitation.motivation(); }

// Of the visitation, what only its author sees; `satisfied` is what holds for the reader without
// that. What it may not see for that is named.
void LeaveOutVisitation(cv1::Case& view, pv1::Reader reader, policy::ConditionSet satisfied) {
  const policy::Viewer other{reader, pv1::LEVEL_FULL, satisfied};
  satisfied.Add(pv1::CONDITION_OWN_PART);
  const policy::Viewer author{reader, pv1::LEVEL_FULL, satisfied};
  const auto* const type = cv1::Visitation::descriptor();
  const std::vector<pv1::Category> named = policy::WithheldFrom(*type, author);
  for (const pv1::Category category : policy::WithheldFrom(*type, other)) {
    if (!std::binary_search(named.begin(), named.end(), category)) view.add_withheld(category);
  }
  const auto seen = policy::Project(view.visitation(), other).message;
  view.clear_visitation();
  if (seen->ByteSizeLong() > 0) view.mutable_visitation()->CopyFrom(*seen);
}

// What rests on a law of theirs, or what they pay for, tells that the police are in the case.
pv1::LegalBasis WithoutPolice(pv1::LegalBasis law) {
  const bool is_theirs = law == pv1::LEGAL_BASIS_RPL115_1_SSP ||
                         law == pv1::LEGAL_BASIS_RPL115_1_PSP ||
                         law == pv1::LEGAL_BASIS_RPL115_1_KSP || law == pv1::LEGAL_BASIS_RPL115_2;
  return is_theirs ? pv1::LEGAL_BASIS_OTHER_LAW : law;
}

void LeaveOutPolice(cv1::Measure& measure) {
  if (measure.funding() == cv1::FUNDING_CLASS_POLICE) {
    measure.set_funding(cv1::FUNDING_CLASS_OTHER);
  }
  measure.set_legal_basis(WithoutPolice(measure.legal_basis()));
}

// Of the agreement, all but the measures that this reader's unit runs. Its version and its
// signatures change with the others' measures as well.
void LeaveOutOthersMeasures(cv1::Case& view, pv1::Reader reader, const DecisionContext& context) {
  cv1::Agreement own;
  for (const cv1::Measure& measure : view.agreement().measures()) {
    if (ReaderOf(measure.unit(), context) != reader) continue;
    *own.add_measures() = measure;
    LeaveOutPolice(*own.mutable_measures()->rbegin());
  }
  view.clear_agreement();
  if (own.measures_size() > 0) *view.mutable_agreement() = own;
  exchange::EraseFrom(*view.mutable_measure_progress(), [&](const cv1::MeasureProgress& progress) {
    return std::none_of(
        own.measures().begin(), own.measures().end(),
        [&](const cv1::Measure& measure) { return measure.measure_id() == progress.measure_id(); });
  });
  for (cv1::MeasureProgress& progress : *view.mutable_measure_progress()) {
    progress.set_stopped_on(WithoutPolice(progress.stopped_on()));
  }
}

// Of a case: what of the visitation only its author sees, of the agreement all but the measures
// that this reader's unit runs, of questions to units and of meetings all but its own, of what is
// stated for staff's safety all but its own line, who else works on it, exceptions, what is
// attested of the person, and what became of what other authorities were sent. Nothing in what is
// left tells that there was more, or that the police are in it.
void LeaveOutOthers(cv1::Case& view, pv1::Reader reader, const DecisionContext& context) {
  for (const cv1::InvolvedUnit& unit : view.units()) {
    if (ReaderOf(unit.function(), context) == reader) view.set_staff_safety(unit.staff_safety());
  }
  view.clear_units();
  view.clear_break_glass();
  view.clear_blocked();
  view.clear_corrections();
  view.clear_earlier();
  view.clear_reported_withdrawal();
  view.clear_previous_case();
  view.clear_intake();
  exchange::EraseFrom(*view.mutable_unit_questions(), [&](const cv1::UnitQuestion& question) {
    return ReaderOf(question.function(), context) != reader;
  });
  exchange::EraseFrom(*view.mutable_meetings(), [&](const cv1::Meeting& meeting) {
    return absl::c_none_of(meeting.invited(),
                           [&](int function) { return ReaderOf(function, context) == reader; });
  });
  for (cv1::Meeting& meeting : *view.mutable_meetings()) meeting.clear_finding();
  view.clear_next_acts();
  view.clear_weekly_reports();
  view.clear_attestations();
  view.clear_security();
  view.clear_contact_person();
  view.clear_custody();
  view.clear_breaches();
  view.clear_waiting();
  view.clear_safe_contact();
  view.clear_letters();
  view.clear_nec_status();
  view.clear_place_checks();
  LeaveOutVisitation(view, reader, {});
  LeaveOutOthersMeasures(view, reader, context);
}

// The same of whatever shows something of a case; of its documents those that the unit is not
// given.
void LeaveOutOthers(Message& resource, pv1::Reader reader, const DecisionContext& context) {
  if (auto* all = google::protobuf::DynamicCastToGenerated<cv1::CaseDocuments>(&resource)) {
    exchange::EraseFrom(*all->mutable_documents(), [&](const cv1::Document& document) {
      return !IsGivenTo(document, reader, context);
    });
  }
  if (auto* view = google::protobuf::DynamicCastToGenerated<cv1::Case>(&resource)) {
    LeaveOutOthers(*view, reader, context);
  }
}

// Whether this text of the visitation came from another authority, on a consent.
bool CameOnConsent(const jv1::CaseFile& file, TextOf text) {
  const std::string& said = text(file.visitation());
  if (said.empty()) return false;
  const auto brought_it = [&](const jv1::ReceivedOnConsent& received) {
    return text(received.part().visitation()) == said;
  };
  return std::any_of(file.handovers().begin(), file.handovers().end(), [&](const auto& handover) {
    return exchange::FindIn(handover.received_on_consent(), brought_it) != nullptr;
  });
}

// What was recorded in an interview on consent alone.
void LeaveOutInterviewsHealth(Message& resource) {
  auto* view = google::protobuf::DynamicCastToGenerated<cv1::Case>(&resource);
  if (view == nullptr || !view->intake().has_interview()) return;
  view->mutable_intake()->mutable_interview()->clear_health();
  view->mutable_intake()->mutable_interview()->clear_substances();
}

// Who has a case sees what it wrote itself, and what came on a consent as long as that is in force.
void LeaveOutRevoked(Message& resource, pv1::Reader reader, policy::ConditionSet satisfied,
                     const cv1::Visitation& own) {
  auto* view = google::protobuf::DynamicCastToGenerated<cv1::Case>(&resource);
  if (view == nullptr) return;
  LeaveOutInterviewsHealth(resource);
  satisfied.Remove(pv1::CONDITION_OWN_PART);
  LeaveOutVisitation(*view, reader, satisfied);
  if (own.ByteSizeLong() > 0) view->mutable_visitation()->MergeFrom(own);
}

void LeaveOutOtherExceptions(Message& resource, const std::string& break_glass_id) {
  auto* view = google::protobuf::DynamicCastToGenerated<cv1::Case>(&resource);
  if (view == nullptr) return;
  exchange::EraseFrom(*view->mutable_break_glass(), [&](const cv1::BreakGlass& one) {
    return one.break_glass_id() != break_glass_id;
  });
}

}  // namespace

exchange::Visibility VisibilityOf(const jv1::CaseFile& file, pv1::Reader reader,
                                  const DecisionContext& context) {
  if (reader == pv1::READER_MUNICIPALITY || reader == pv1::READER_KRIMINALFORSORGEN) {
    const policy::ConditionSet satisfied = SatisfiedForCallers(file);
    if (ConsentInForce(file)) return {reader, satisfied};
    const bool health = CameOnConsent(file, &Health);
    const bool motivation = CameOnConsent(file, &Motivation);
    if (!health && !motivation) return {reader, satisfied, &LeaveOutInterviewsHealth};
    cv1::Visitation own;
    if (!health) own.set_health_needs(file.visitation().health_needs());
    if (!motivation) own.set_motivation(file.visitation().motivation());
    return {reader, satisfied, [reader, satisfied, own](Message& resource) {
              LeaveOutRevoked(resource, reader, satisfied, own);
            }};
  }
  if (!IsUnit(reader)) return {};
  if (const cv1::BreakGlass* exception = RunningFor(file, context)) {
    const std::string& id = exception->break_glass_id();
    return {pv1::READER_MUNICIPALITY, SatisfiedForCallers(file),
            [id](Message& resource) { LeaveOutOtherExceptions(resource, id); }, id};
  }
  if (!IsInvolved(file, reader, context)) return {};
  return {reader, {pv1::CONDITION_OWN_PART}, [reader, context](Message& resource) {
            LeaveOutOthers(resource, reader, context);
          }};
}

}  // namespace exitbus::casework
