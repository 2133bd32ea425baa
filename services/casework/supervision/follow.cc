// What a unit of Kriminalforsorgen hears of whom it supervises: computed from what was decided, so
// that no way to decide it is forgotten.
#include <algorithm>
#include <string>
#include <vector>

#include "exitbus/handover/v1/messages.pb.h"
#include "exitbus/kriminalforsorgen/v1/supervision_messages.pb.h"
#include "exitbus/policy/v1/policy.pb.h"
#include "services/casework/addresses.h"
#include "services/casework/consent/basis.h"
#include "services/casework/handover/dossier.h"
#include "services/casework/handover/rules.h"
#include "services/casework/supervision/supervision.h"
#include "services/exchange/obligation.h"
#include "services/exchange/ports/directory.h"
#include "services/exchange/proto_time.h"
#include "services/exchange/working_days.h"

namespace exitbus::casework {
namespace {

namespace kv1 = kriminalforsorgen::v1;
namespace pv1 = policy::v1;
using exchange::Decision;
using exchange::DecisionContext;
using exchange::ToProto;
using Steps = std::vector<kv1::SupervisedStep>;

kv1::CourseCause CauseOf(cv1::PauseReason reason) {
  switch (reason) {
    case cv1::PAUSE_REASON_SECURITY:
      return kv1::COURSE_CAUSE_SAFETY;
    case cv1::PAUSE_REASON_CITIZENS_WISH:
      return kv1::COURSE_CAUSE_CITIZEN;
    default:
      return kv1::COURSE_CAUSE_AUTHORITY;  // whoever is charged is not convicted
  }
}

kv1::CourseCause CauseOf(const cv1::ProgrammeEnd& end) {
  switch (end.code()) {
    case cv1::END_CODE_COMPLETED:
    case cv1::END_CODE_LAPSED:
    case cv1::END_CODE_WITHDRAWN:
    case cv1::END_CODE_NO_LONGER_NEEDS_HELP:
      return kv1::COURSE_CAUSE_CITIZEN;
    default:
      break;
  }
  if (end.ground() == cv1::REJECTION_GROUND_STAFF_SAFETY) return kv1::COURSE_CAUSE_SAFETY;
  return end.ground() == cv1::REJECTION_GROUND_NOT_MOTIVATED ? kv1::COURSE_CAUSE_CITIZEN
                                                             : kv1::COURSE_CAUSE_AUTHORITY;
}

kv1::CourseCause CauseOf(hv1::RejectionCode rejection) {
  const bool is_unsafe =
      rejection == hv1::REJECTION_CODE_UNSAFE || rejection == hv1::REJECTION_CODE_STAFF_CONFLICT;
  return is_unsafe ? kv1::COURSE_CAUSE_SAFETY : kv1::COURSE_CAUSE_AUTHORITY;
}

kv1::CourseStep StepOf(const jv1::CaseFile& file) {
  switch (file.stage()) {
    case cv1::CASE_STAGE_VISITED:
      return kv1::COURSE_STEP_VISITED;
    case cv1::CASE_STAGE_ENROLLED:
      return kv1::COURSE_STEP_ENROLLED;
    case cv1::CASE_STAGE_ACTIVE:
      return kv1::COURSE_STEP_STARTED;
    case cv1::CASE_STAGE_WITHDRAWN:
      return kv1::COURSE_STEP_WITHDRAWN;
    case cv1::CASE_STAGE_ENDED:
      if (file.end().code() == cv1::END_CODE_COMPLETED) return kv1::COURSE_STEP_COMPLETED;
      return file.end().code() == cv1::END_CODE_LAPSED ? kv1::COURSE_STEP_LAPSED
                                                       : kv1::COURSE_STEP_ENDED;
    default:
      return kv1::COURSE_STEP_UNSPECIFIED;  // what comes after the end is nothing to it
  }
}

void Add(kv1::CourseStep step, kv1::CourseCause cause, const google::protobuf::Timestamp& since,
         Steps& steps) {
  if (step == kv1::COURSE_STEP_UNSPECIFIED) return;
  kv1::SupervisedStep& added = steps.emplace_back();
  added.set_step(step);
  added.set_cause(cause);
  *added.mutable_since() = since;
}

void AddStage(const jv1::CaseFile& after, const DecisionContext& context, Steps& steps) {
  const auto cause = IsOver(after.stage()) ? CauseOf(after.end()) : kv1::COURSE_CAUSE_AUTHORITY;
  const bool starts = after.stage() == cv1::CASE_STAGE_ACTIVE;
  Add(StepOf(after), cause, starts ? after.started() : ToProto(context.now), steps);
}

bool FailedNow(const jv1::CaseFile& before, const jv1::Handover& handover) {
  const jv1::Handover* const was = FindHandover(before, handover.handover_id());
  return handover.side() == hv1::SIDE_HOLDER && HasEnded(handover) && was != nullptr &&
         !HasEnded(*was);
}

// While the case is offered a withdrawal is learnt, and acted on by whoever holds the case after
// that. Where everything is told at once, that does not wait.
bool WithdrawsNow(const jv1::CaseFile& before, const jv1::Handover& handover) {
  const jv1::Handover* const was = FindHandover(before, handover.handover_id());
  if (handover.side() != hv1::SIDE_HOLDER || was == nullptr ||
      was->late_facts_size() == handover.late_facts_size() || !IsConditionOfParole(before)) {
    return false;
  }
  return handover.late_facts().rbegin()->kind() == hv1::LATE_FACT_KIND_WITHDRAWAL;
}

// Who takes the case over is told by the dossier how far it is, and acts on what it learnt late.
Steps StepsBetween(const jv1::CaseFile& before, const jv1::CaseFile& after,
                   const DecisionContext& context) {
  Steps steps;
  const bool was_here = before.standing() == cv1::STANDING_RESPONSIBLE;
  const bool moves = was_here ? before.stage() != after.stage() : IsOver(after.stage());
  if (moves) AddStage(after, context, steps);
  const auto now = ToProto(context.now);
  if (was_here && !before.has_paused() && after.has_paused()) {
    Add(kv1::COURSE_STEP_PAUSED, CauseOf(after.paused().reason()), now, steps);
  }
  if (was_here && before.has_paused() && !after.has_paused() && !IsOver(after.stage())) {
    Add(kv1::COURSE_STEP_RESUMED, CauseOf(before.paused().reason()), now, steps);
  }
  for (const jv1::Handover& handover : after.handovers()) {
    if (WithdrawsNow(before, handover)) {
      Add(kv1::COURSE_STEP_WITHDRAWN, kv1::COURSE_CAUSE_CITIZEN, now, steps);
    }
    // One that ends with the course is no news.
    if (FailedNow(before, handover) && !IsOver(after.stage())) {
      Add(kv1::COURSE_STEP_HANDOVER_FAILED, CauseOf(handover.rejection()), now, steps);
    }
  }
  return steps;
}

void TellStep(const jv1::CaseFile& file, const kv1::SupervisedStep& step,
              const exchange::Address& to, Decision& decision) {
  if (IsConditionOfParole(file)) {
    kv1::ParoleCourseReached message;
    message.set_number(file.number());
    *message.mutable_step() = step;
    decision.Notify(to, message);
  } else if (step.step() != kv1::COURSE_STEP_HANDOVER_FAILED) {
    kv1::SupervisedCourseReached message;
    message.set_number(file.number());
    message.set_step(step.step());
    *message.mutable_since() = step.since();
    decision.Notify(to, message);
  }
}

kv1::SupervisionStated StatementOf(const jv1::CaseFile& file) {
  kv1::SupervisionStated message;
  message.set_number(file.number());
  *message.mutable_person() = file.person();
  message.set_programme(file.programme());
  message.set_stage(file.stage());
  message.set_paused(file.has_paused());
  message.set_is_condition(IsConditionOfParole(file));
  return message;
}

// What the unit has been told is not what it would be told now.
bool IsOutdated(const jv1::CaseFile& before, const jv1::CaseFile& after) {
  return before.programme() != after.programme() ||
         before.person().SerializeAsString() != after.person().SerializeAsString();
}

// The handover by which the case came here with this decision; null: it was here.
const jv1::Handover* Arrival(const jv1::CaseFile& before, const jv1::CaseFile& after) {
  if (before.standing() == cv1::STANDING_RESPONSIBLE) return nullptr;
  for (const jv1::Handover& handover : after.handovers()) {
    const jv1::Handover* const was = FindHandover(before, handover.handover_id());
    const bool moves = HasMoved(handover) && (was == nullptr || !HasMoved(*was));
    if (handover.side() == hv1::SIDE_RECEIVER && moves) return &handover;
  }
  return nullptr;
}

bool IsOfKriminalforsorgen(const std::string& authority, const DecisionContext& context) {
  const auto listed = context.directory->Find(authority);
  return listed && listed->kind == pv1::AUTHORITY_KIND_KRIMINALFORSORGEN;
}

Decision& Note(const jv1::Supervision& supervision, Decision& decision) {
  jv1::CaseEvent event;
  *event.mutable_supervision_noted()->mutable_supervision() = supervision;
  return decision.AddEvent(event);
}

// Who was released from a unit is supervised by it.
void BeginAtRelease(const jv1::CaseFile& after, const jv1::Handover& arrival,
                    const DecisionContext& context, Decision& decision) {
  if (arrival.reason() != hv1::HANDOVER_REASON_RELEASE || RunningSupervision(after) != nullptr ||
      !IsOfKriminalforsorgen(arrival.counterpart(), context)) {
    return;
  }
  jv1::Supervision supervision;
  supervision.set_supervision_id(context.lookup->FreshId());
  supervision.mutable_seen()->set_unit(arrival.counterpart());
  *supervision.mutable_seen()->mutable_since() = arrival.taken_over();
  Note(supervision, decision);
}

// Nothing leaves that a revocation of this very instant would take back; it goes with what happens
// next.
bool IsWithheldNow(const jv1::CaseFile& file, pv1::LegalBasis basis,
                   const DecisionContext& context) {
  return basis == pv1::LEGAL_BASIS_CONSENT && file.has_last_revoked() &&
         exchange::FromProto(file.last_revoked()) >= context.now;
}

// It is in prison: its unit has the case itself, and supervises nobody here any more.
void LetGo(const jv1::CaseFile& before, const jv1::CaseFile& after, const DecisionContext& context,
           Decision& decision) {
  const jv1::Supervision* const running = RunningSupervision(before);
  if (running == nullptr) return;
  if (IsOfKriminalforsorgen(after.responsible(), context)) {
    return EndSupervision(after, *running, before.number(), context, decision);
  }
  jv1::Supervision moved = *running;
  *moved.mutable_seen()->mutable_ended() = ToProto(context.now);
  Note(moved, decision);
}

}  // namespace

std::optional<exchange::Address> AddressOfToldUnit(const jv1::CaseFile& file,
                                                   const DecisionContext& context) {
  const jv1::Supervision* const told = ToldSupervision(file);
  const auto basis = BasisForSupervision(file);
  if (told == nullptr || !basis || IsWithheldNow(file, *basis, context)) return std::nullopt;
  return AddressOfSupervision(file, *told).On(*basis);
}

void EndSupervision(const jv1::CaseFile& file, const jv1::Supervision& running,
                    std::uint64_t number, const DecisionContext& context, Decision& decision) {
  jv1::Supervision ended = running;
  *ended.mutable_seen()->mutable_ended() = ToProto(context.now);
  if (!running.seen().is_told()) {
    Note(ended, decision);
    return;
  }
  *ended.mutable_erasure() =
      exchange::OwedBy(running.seen().unit(), running.supervision_id(),
                       exchange::AddWorkingDays(context.now, context.deadline_days.erasure));
  const auto to = AddressOfSupervision(file, running);
  kv1::SupervisionEnded message;
  message.set_number(number);
  Note(ended, decision).Notify(to, message);
}

void FollowSupervision(const jv1::CaseFile& before, const DecisionContext& context,
                       Decision& decision) {
  if (!decision.accepted() || decision.events().empty()) return;
  auto after = After(before, decision);
  if (after->has_erasure()) return;
  if (before.standing() == cv1::STANDING_RESPONSIBLE && after->standing() == cv1::STANDING_FORMER) {
    return LetGo(before, *after, context, decision);
  }
  if (after->standing() != cv1::STANDING_RESPONSIBLE) return;
  if (const jv1::Handover* const arrival = Arrival(before, *after)) {
    BeginAtRelease(*after, *arrival, context, decision);
    after = After(before, decision);
  }
  const jv1::Supervision* const running = RunningSupervision(*after);
  if (running == nullptr) return;
  const auto basis = BasisForSupervision(*after);
  if (!basis) {
    if (running->seen().is_told()) {
      EndSupervision(*after, *running, after->number(), context, decision);
    }
    return;
  }
  if (IsWithheldNow(*after, *basis, context)) return;
  const exchange::Address to = AddressOfSupervision(*after, *running).On(*basis);
  const jv1::Handover* const arrival = Arrival(before, *after);
  const bool is_new = !running->seen().is_told();
  if (is_new || arrival != nullptr || IsOutdated(before, *after)) {
    kv1::SupervisionStated message = StatementOf(*after);
    if (arrival != nullptr) {
      message.set_slip(SlipFor(arrival->slips(), to.to.authority, *arrival, context));
    }
    jv1::Supervision told = *running;
    told.mutable_seen()->set_is_told(true);
    Note(told, decision).Notify(to, message);
  }
  if (is_new && arrival == nullptr) return;  // it has heard how far the course is
  for (const kv1::SupervisedStep& step : StepsBetween(before, *after, context)) {
    TellStep(*after, step, to, decision);
  }
}

}  // namespace exitbus::casework
