#include "services/casework/access/units.h"

#include <algorithm>
#include <string>
#include <vector>

#include "absl/algorithm/container.h"
#include "exitbus/casework/v1/case_service.pb.h"
#include "exitbus/policy/v1/policy.pb.h"
#include "services/casework/methods.h"
#include "services/exchange/proto_time.h"
#include "services/exchange/repeated.h"
#include "services/policy/readers.h"

namespace exitbus::casework {
namespace {

namespace pv1 = policy::v1;

const cv1::InvolvedUnit* Find(const jv1::CaseFile& file, int function) {
  return exchange::FindIn(
      file.units(), [&](const cv1::InvolvedUnit& unit) { return unit.function() == function; });
}

Decision InvolveUnit(const jv1::CaseFile& file, const v1::InvolveUnitRequest& request,
                     const DecisionContext& context) {
  if (!IsUnit(ReaderOf(request.function(), context))) {
    return Invalid("unit.not_of_this_authority",
                   "Name a unit of this authority: jobcentre, citizen-service, family-centre, "
                   "education-guidance, health-centre or mentor in a municipality, mentor "
                   "elsewhere.");
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
  for (cv1::Document& document : *file.mutable_documents()) {
    auto& units = *document.mutable_units();
    units.erase(std::remove(units.begin(), units.end(), released.function()), units.end());
  }
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

pv1::Reader ReaderOf(int function, const DecisionContext& context) {
  if (context.self == nullptr || !pv1::Function_IsValid(function)) return pv1::READER_UNSPECIFIED;
  return policy::ReaderFor(context.self->kind, static_cast<pv1::Function>(function));
}

bool IsUnit(pv1::Reader reader) {
  switch (reader) {
    case pv1::READER_JOBCENTRE:
    case pv1::READER_CITIZEN_SERVICE:
    case pv1::READER_FAMILY_CENTRE:
    case pv1::READER_EDUCATION_GUIDANCE:
    case pv1::READER_HEALTH_CENTRE:
    case pv1::READER_MENTOR:
      return true;
    default:
      return false;
  }
}

bool IsGivenTo(const cv1::Document& document, pv1::Reader unit, const DecisionContext& context) {
  return absl::c_any_of(document.units(),
                        [&](int function) { return ReaderOf(function, context) == unit; });
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
                     "family-centre, education-guidance, health-centre, mentor), and the "
                     "authority owns the measure. Leave it out otherwise.");
    }
  }
  return std::nullopt;
}

cv1::Agreement WithoutUnits(cv1::Agreement agreement) {
  for (cv1::Measure& measure : *agreement.mutable_measures()) measure.clear_unit();
  return agreement;
}

}  // namespace exitbus::casework
