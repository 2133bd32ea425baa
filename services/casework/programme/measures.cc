// The measures that this authority owns: begun, completed, or stopped on a law of its own. What
// becomes of the course moves none of them (FUP-11).
#include <optional>

#include "exitbus/casework/v1/measure_service.pb.h"
#include "exitbus/kriminalforsorgen/v1/supervision_messages.pb.h"
#include "exitbus/policy/v1/policy.pb.h"
#include "services/casework/methods.h"
#include "services/casework/programme/programme.h"
#include "services/casework/security/place_check.h"
#include "services/casework/supervision/supervision.h"
#include "services/exchange/obligation.h"
#include "services/exchange/proto_time.h"
#include "services/exchange/repeated.h"
#include "services/exchange/working_days.h"
#include "services/taking_part/measure.h"

namespace exitbus::casework {
namespace {

using exchange::Decision;
using exchange::DecisionContext;
using exchange::FromProto;
using exchange::ToProto;
using taking_part::HasEnded;
using taking_part::RefuseMove;

const cv1::Measure* FindMeasure(const jv1::CaseFile& file, const std::string& measure_id) {
  return exchange::FindIn(file.agreement().measures(), [&](const cv1::Measure& measure) {
    return measure.measure_id() == measure_id;
  });
}

// Null: it has not been begun.
const jv1::MeasureProgress* FindProgress(const jv1::CaseFile& file, const std::string& measure_id) {
  return exchange::FindIn(file.measures_moved(), [&](const jv1::MeasureProgress& progress) {
    return progress.seen().measure_id() == measure_id;
  });
}

cv1::MeasureStage StageOfMeasure(const jv1::CaseFile& file, const std::string& measure_id) {
  const auto* const progress = FindProgress(file, measure_id);
  return progress == nullptr ? cv1::MEASURE_STAGE_UNSPECIFIED : progress->seen().stage();
}

std::optional<Decision> RefuseAnothers(const jv1::CaseFile& file, const std::string& measure_id,
                                       const DecisionContext& context) {
  const cv1::Measure* const measure = FindMeasure(file, measure_id);
  if (measure == nullptr) {
    return Invalid("measure.unknown", "Name a measure of the agreement, by the id it has there.");
  }
  if (measure->owner() == context.self->id) return std::nullopt;
  return Decision::Refuse("measure.not_ours",
                          "Only the authority that owns a measure moves it. Ask that one.");
}

Decision Move(const jv1::MeasureProgress& progress) {
  jv1::CaseEvent event;
  *event.mutable_measure_moved()->mutable_progress() = progress;
  return Decision().AddEvent(event);
}

// As it is now, with what happens to it to be added.
jv1::MeasureProgress ProgressOf(const jv1::CaseFile& file, const std::string& measure_id) {
  const auto* const known = FindProgress(file, measure_id);
  jv1::MeasureProgress progress = known != nullptr ? *known : jv1::MeasureProgress();
  progress.mutable_seen()->set_measure_id(measure_id);
  progress.clear_owed();
  return progress;
}

Decision StartMeasure(const jv1::CaseFile& file, const v1::StartMeasureRequest& request,
                      const DecisionContext& context) {
  const std::string& id = request.measure_id();
  if (auto refused = RefuseAnothers(file, id, context)) return *std::move(refused);
  if (auto refused = RefuseMove(StageOfMeasure(file, id), {cv1::MEASURE_STAGE_STARTED})) {
    return *std::move(refused);
  }
  if (auto refused = RefusePlace(file, WhereOf(*FindMeasure(file, id)), context)) {
    return *std::move(refused);
  }
  const absl::Time started = request.has_started() ? FromProto(request.started()) : context.now;
  if (!CanHaveBegun(file, started, context)) {
    return Invalid("measure.started_when",
                   "A measure has begun after the visitation, and not in the future.");
  }
  jv1::MeasureProgress progress = ProgressOf(file, id);
  progress.mutable_seen()->set_stage(cv1::MEASURE_STAGE_STARTED);
  *progress.mutable_seen()->mutable_started() = ToProto(started);
  const auto months = static_cast<int>(FindMeasure(file, id)->months());
  *progress.mutable_owed() =
      exchange::OwedBy(context.self->id, id, exchange::AddMonths(started, months));
  Decision decision = Move(progress);
  if (file.stage() == cv1::CASE_STAGE_ENROLLED) BeginCourse(file, started, context, decision);
  return decision;
}

Decision CompleteMeasure(const jv1::CaseFile& file, const v1::CompleteMeasureRequest& request,
                         const DecisionContext& context) {
  const std::string& id = request.measure_id();
  if (auto refused = RefuseAnothers(file, id, context)) return *std::move(refused);
  if (auto refused = RefuseMove(StageOfMeasure(file, id), {cv1::MEASURE_STAGE_COMPLETED})) {
    return *std::move(refused);
  }
  jv1::MeasureProgress progress = ProgressOf(file, id);
  progress.mutable_seen()->set_stage(cv1::MEASURE_STAGE_COMPLETED);
  *progress.mutable_seen()->mutable_ended() = ToProto(context.now);
  return Move(progress);
}

Decision StopMeasure(const jv1::CaseFile& file, const v1::StopMeasureRequest& request,
                     const DecisionContext& context) {
  const std::string& id = request.measure_id();
  if (auto refused = RefuseAnothers(file, id, context)) return *std::move(refused);
  if (auto refused =
          RefuseMove(StageOfMeasure(file, id),
                     {cv1::MEASURE_STAGE_STOPPED, request.stopped_on(), request.reasons()})) {
    return *std::move(refused);
  }
  jv1::MeasureProgress progress = ProgressOf(file, id);
  cv1::MeasureProgress& seen = *progress.mutable_seen();
  seen.set_stage(cv1::MEASURE_STAGE_STOPPED);
  *seen.mutable_ended() = ToProto(context.now);
  seen.set_stopped_on(request.stopped_on());
  seen.set_reasons(request.reasons());
  return Move(progress);
}

// By the unit that supervises the person, of one that it owns: forwards only.
Decision OnReported(const CaseLetter& letter,
                    const kriminalforsorgen::v1::MeasureReported& message) {
  if (auto other = NotOfWhoSupervises(letter)) return *std::move(other);
  const auto& [file, place, body, context] = letter;
  const cv1::MeasureProgress& reported = message.progress();
  const cv1::Measure* const measure = FindMeasure(file, reported.measure_id());
  if (measure == nullptr) return Decision::NoEffect("measure_agreed_no_more");
  if (measure->owner() != place.sender) {
    return Decision::Refuse("measure.not_the_senders",
                            "Only the authority that owns a measure says how far it is.");
  }
  const cv1::MeasureStage known = StageOfMeasure(file, reported.measure_id());
  if (HasEnded(known) || reported.stage() <= known) {
    return Decision::NoEffect("measure_reported_so");
  }
  jv1::MeasureProgress progress = ProgressOf(file, reported.measure_id());
  *progress.mutable_seen() = reported;
  progress.mutable_seen()->clear_due();
  progress.mutable_seen()->clear_overdue();
  Decision decision = Move(progress);
  const bool begins = reported.stage() == cv1::MEASURE_STAGE_STARTED &&
                      file.stage() == cv1::CASE_STAGE_ENROLLED && !IsFrozen(file);
  if (begins) BeginCourse(file, context.now, context, decision);
  return decision;
}

void Replace(jv1::CaseFile& file, const jv1::MeasureMoved& moved) {
  const auto* const known = FindProgress(file, moved.progress().seen().measure_id());
  *(known != nullptr ? const_cast<jv1::MeasureProgress*>(known) : file.add_measures_moved()) =
      moved.progress();
  exchange::EraseFrom(*file.mutable_measures_to_begin(), [&](const jv1::MeasureToBegin& one) {
    return one.measure_id() == moved.progress().seen().measure_id();
  });
}

// By this authority itself; and who has let the case go owes nothing in it.
std::vector<exchange::NamedObligation> EndsOwed(const jv1::CaseFile& file) {
  std::vector<exchange::NamedObligation> owed;
  if (file.standing() != cv1::STANDING_RESPONSIBLE) return owed;
  for (const jv1::MeasureProgress& progress : file.measures_moved()) {
    owed.push_back({progress.seen().measure_id(), &progress.owed()});
  }
  return owed;
}

// Of a course that is over nothing begins any more, nor while the case is offered.
std::vector<exchange::NamedObligation> BeginningsOwed(const jv1::CaseFile& file) {
  std::vector<exchange::NamedObligation> owed;
  if (!IsOursToPursue(file) || IsFrozen(file)) return owed;
  for (const jv1::MeasureToBegin& one : file.measures_to_begin()) {
    owed.push_back({one.measure_id(), &one.owed()});
  }
  return owed;
}

}  // namespace

bool IsOwnMeasure(const jv1::CaseFile& file, const std::string& measure_id) {
  const cv1::Measure* const measure = FindMeasure(file, measure_id);
  return measure != nullptr && measure->owner() == file.responsible();
}

void ExpectToBegin(jv1::CaseFile& file) {
  file.clear_measures_to_begin();
  for (const cv1::Measure& measure : file.agreement().measures()) {
    const bool is_ours = measure.owner() == file.responsible();
    if (!is_ours || !measure.has_begins_by() ||
        FindProgress(file, measure.measure_id()) != nullptr) {
      continue;
    }
    jv1::MeasureToBegin& one = *file.add_measures_to_begin();
    one.set_measure_id(measure.measure_id());
    *one.mutable_owed() =
        exchange::OwedBy(measure.owner(), measure.measure_id(), FromProto(measure.begins_by()));
  }
}

void ShowMeasures(const jv1::CaseFile& file, cv1::Case& view) {
  for (const jv1::MeasureProgress& progress : file.measures_moved()) {
    cv1::MeasureProgress& shown = *view.add_measure_progress();
    shown = progress.seen();
    exchange::ShowDue(progress.owed(), shown);
  }
}

CasePart MeasurePart() {
  CasePart part;
  part.On(&OnReported)
      .Serve(OnCase({&kResponsible, &kNotFrozen}, &StartMeasure))
      .Serve(OnCase({&kResponsible, &kNotFrozen}, &CompleteMeasure))
      .Serve(OnCase({&kResponsible, &kNotFrozen}, &StopMeasure))
      .After(&Replace)
      .Obligations("measure.overdue", &EndsOwed)
      .Obligations("measure.not_begun", &BeginningsOwed);
  return part;
}

}  // namespace exitbus::casework
