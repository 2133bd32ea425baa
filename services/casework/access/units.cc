#include "services/casework/access/units.h"

#include <algorithm>
#include <string>
#include <vector>

#include "absl/algorithm/container.h"
#include "exitbus/casework/v1/case_service.pb.h"
#include "exitbus/policy/v1/policy.pb.h"
#include "services/casework/access/break_glass.h"
#include "services/casework/addresses.h"
#include "services/casework/methods.h"
#include "services/exchange/proto_time.h"
#include "services/exchange/repeated.h"
#include "services/policy/plan.h"
#include "services/policy/readers.h"

namespace exitbus::casework {
namespace {

namespace pv1 = policy::v1;
using google::protobuf::Message;

bool IsUnit(pv1::Reader reader) {
  return reader == pv1::READER_JOBCENTRE || reader == pv1::READER_CITIZEN_SERVICE ||
         reader == pv1::READER_FAMILY_CENTRE || reader == pv1::READER_MENTOR;
}

pv1::Reader ReaderOf(int function, const DecisionContext& context) {
  if (context.self == nullptr || !pv1::Function_IsValid(function)) return pv1::READER_UNSPECIFIED;
  return policy::ReaderFor(context.self->kind, static_cast<pv1::Function>(function));
}

using TextOf = const std::string& (*)(const cv1::Visitation&);
const std::string& Health(const cv1::Visitation& visitation) { return visitation.health_needs(); }
const std::string& Motivation(const cv1::Visitation& visitation) { return visitation.motivation(); }

const cv1::InvolvedUnit* Find(const jv1::CaseFile& file, int function) {
  return exchange::FindIn(
      file.units(), [&](const cv1::InvolvedUnit& unit) { return unit.function() == function; });
}

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

// Of a case: what of the visitation only its author sees, of the agreement all but the measures
// that this reader's unit runs, of questions to units and of meetings all but its own, of what is
// stated for staff's safety all but its own line, who else works on it, exceptions, what is
// attested of the person, and what became of what other authorities were sent. Nothing in what is
// left tells that there was more, or that the police are in it.
void LeaveOutOthers(Message& resource, pv1::Reader reader, const DecisionContext& context) {
  auto* view = google::protobuf::DynamicCastToGenerated<cv1::Case>(&resource);
  if (view == nullptr) return;
  for (const cv1::InvolvedUnit& unit : view->units()) {
    if (ReaderOf(unit.function(), context) == reader) view->set_staff_safety(unit.staff_safety());
  }
  view->clear_units();
  view->clear_break_glass();
  view->clear_blocked();
  view->clear_corrections();
  view->clear_earlier();
  view->clear_reported_withdrawal();
  view->clear_previous_case();
  view->clear_intake();
  exchange::EraseFrom(*view->mutable_unit_questions(), [&](const cv1::UnitQuestion& question) {
    return ReaderOf(question.function(), context) != reader;
  });
  exchange::EraseFrom(*view->mutable_meetings(), [&](const cv1::Meeting& meeting) {
    return absl::c_none_of(meeting.invited(),
                           [&](int function) { return ReaderOf(function, context) == reader; });
  });
  for (cv1::Meeting& meeting : *view->mutable_meetings()) meeting.clear_finding();
  view->clear_next_acts();
  view->clear_weekly_reports();
  view->clear_attestations();
  view->clear_security();
  view->clear_contact_person();
  view->clear_custody();
  view->clear_breaches();
  view->clear_waiting();
  view->clear_safe_contact();
  view->clear_letters();
  view->clear_nec_status();
  LeaveOutVisitation(*view, reader, {});
  // Its version and its signatures change with the others' measures as well.
  cv1::Agreement own;
  for (const cv1::Measure& measure : view->agreement().measures()) {
    if (ReaderOf(measure.unit(), context) != reader) continue;
    *own.add_measures() = measure;
    LeaveOutPolice(*own.mutable_measures()->rbegin());
  }
  view->clear_agreement();
  if (own.measures_size() > 0) *view->mutable_agreement() = own;
  exchange::EraseFrom(*view->mutable_measure_progress(), [&](const cv1::MeasureProgress& progress) {
    return std::none_of(
        own.measures().begin(), own.measures().end(),
        [&](const cv1::Measure& measure) { return measure.measure_id() == progress.measure_id(); });
  });
  for (cv1::MeasureProgress& progress : *view->mutable_measure_progress()) {
    progress.set_stopped_on(WithoutPolice(progress.stopped_on()));
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

Decision InvolveUnit(const jv1::CaseFile& file, const v1::InvolveUnitRequest& request,
                     const DecisionContext& context) {
  if (!IsUnit(ReaderOf(request.function(), context))) {
    return Invalid("unit.not_of_this_authority",
                   "Name a unit of this authority: jobcentre, citizen-service, family-centre or "
                   "mentor in a municipality, mentor elsewhere.");
  }
  if (Find(file, request.function()) != nullptr) {
    return Decision::Refuse("unit.already_involved", "The unit sees its part of the case already.");
  }
  return Decision().AddEvent(InvolvementOf(request.function(), context));
}

Decision NotInvolved() {
  return Decision::Refuse("unit.not_involved",
                          "The unit is not involved. The case shows which units are.");
}

Decision ReleaseUnit(const jv1::CaseFile& file, const v1::ReleaseUnitRequest& request,
                     const DecisionContext&) {
  if (Find(file, request.function()) == nullptr) return NotInvolved();
  jv1::CaseEvent event;
  event.mutable_unit_released()->set_function(request.function());
  return Decision().AddEvent(event);
}

Decision StateStaffSafety(const jv1::CaseFile& file, const v1::StateStaffSafetyRequest& request,
                          const DecisionContext& context) {
  if (Find(file, request.function()) == nullptr) return NotInvolved();
  jv1::CaseEvent event;
  jv1::StaffSafetyStated& stated = *event.mutable_staff_safety_stated();
  stated.set_function(request.function());
  stated.set_staff_safety(request.staff_safety());
  *stated.mutable_stated() = exchange::ToProto(context.now);
  return Decision().AddEvent(event);
}

void Involve(jv1::CaseFile& file, const jv1::UnitInvolved& involved) {
  *file.add_units() = involved.unit();
}

void Release(jv1::CaseFile& file, const jv1::UnitReleased& released) {
  exchange::EraseFrom(*file.mutable_units(), [&](const cv1::InvolvedUnit& unit) {
    return unit.function() == released.function();
  });
  for (jv1::UnitQuestion& question : *file.mutable_questions()) {
    if (question.seen().function() == released.function()) question.clear_owed();
  }
  exchange::EraseFrom(*file.mutable_questions(), [&](const jv1::UnitQuestion& question) {
    return question.seen().function() == released.function() && !question.seen().has_answered();
  });
}

void State(jv1::CaseFile& file, const jv1::StaffSafetyStated& stated) {
  for (cv1::InvolvedUnit& unit : *file.mutable_units()) {
    if (unit.function() != stated.function()) continue;
    unit.set_staff_safety(stated.staff_safety());
    *unit.mutable_stated() = stated.stated();
    unit.clear_outdated();
  }
}

}  // namespace

// What staff has to take care of is a safety act: it may always be said.
CasePart UnitsPart() {
  CasePart part;
  part.Serve(OnCase({&kResponsible, &kInProgramme}, &InvolveUnit))
      .Serve(OnCase({}, &ReleaseUnit))
      .Serve(OnCase({&kResponsible}, &StateStaffSafety, exchange::Needs::kNothing))
      .Account<v1::GetAccountRequest>(&ByCase)
      .After(&Involve)
      .After(&Release)
      .After(&State);
  return part;
}

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

jv1::CaseEvent InvolvementOf(pv1::Function function, const DecisionContext& context) {
  jv1::CaseEvent event;
  cv1::InvolvedUnit& unit = *event.mutable_unit_involved()->mutable_unit();
  unit.set_function(function);
  *unit.mutable_since() = exchange::ToProto(context.now);
  return event;
}

bool IsInvolved(const jv1::CaseFile& file, pv1::Reader reader, const DecisionContext& context) {
  return std::any_of(file.units().begin(), file.units().end(), [&](const cv1::InvolvedUnit& unit) {
    return ReaderOf(unit.function(), context) == reader;
  });
}

void OutdateStaffSafety(const cv1::SecurityPicture& newest, jv1::CaseFile& file) {
  if (newest.version() == file.security().version()) return;
  for (cv1::InvolvedUnit& unit : *file.mutable_units()) {
    if (unit.has_stated()) unit.set_outdated(true);
  }
}

void TakeBackStaffSafety(jv1::CaseFile& file) {
  for (cv1::InvolvedUnit& unit : *file.mutable_units()) {
    unit.clear_staff_safety();
    unit.clear_stated();
    unit.clear_outdated();
  }
}

std::optional<Decision> RefuseUnits(const cv1::Agreement& agreement,
                                    const DecisionContext& context) {
  for (const cv1::Measure& measure : agreement.measures()) {
    if (measure.unit() == pv1::FUNCTION_UNSPECIFIED) continue;
    if (measure.owner() != context.self->id || !IsUnit(ReaderOf(measure.unit(), context))) {
      return Invalid("agreement.measure_unit_not_ours",
                     "A measure's unit is one of this authority's own (jobcentre, citizen-service, "
                     "family-centre, mentor), and the authority owns the measure. Leave it out "
                     "otherwise.");
    }
  }
  return std::nullopt;
}

cv1::Agreement WithoutUnits(cv1::Agreement agreement) {
  for (cv1::Measure& measure : *agreement.mutable_measures()) measure.clear_unit();
  return agreement;
}

}  // namespace exitbus::casework
