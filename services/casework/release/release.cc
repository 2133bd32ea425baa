// The day on which Kriminalforsorgen expects to release a person: planned, moved, cancelled (N-10).
// And what becomes of a handover that waits for that day: who is asked hears the new one, and an
// offer goes back to waiting where it is not taken up by then.
#include "services/casework/release/release.h"

#include <optional>

#include "exitbus/handover/v1/messages.pb.h"
#include "exitbus/kriminalforsorgen/v1/release_service.pb.h"
#include "services/casework/addresses.h"
#include "services/casework/case_files.h"
#include "services/casework/handover/evolve.h"
#include "services/casework/handover/handover.h"
#include "services/casework/handover/letters.h"
#include "services/casework/handover/rules.h"
#include "services/casework/methods.h"
#include "services/exchange/proto_time.h"
#include "services/exchange/repeated.h"
#include "services/exchange/working_days.h"

namespace exitbus::casework {
namespace {

namespace kv1 = kriminalforsorgen::v1;
using exchange::FromProto;
using exchange::ToProto;

constexpr int kVersionsMax = 50;

bool IsAtRelease(const jv1::Handover& handover) {
  return handover.reason() == hv1::HANDOVER_REASON_RELEASE;
}

// An offer at the release is for its day; another one freezes the plan.
const Rule kPlanNotFrozen{kNotFrozen.name, kNotFrozen.remedy, [](const Situation& s) {
                            const jv1::Handover* const open = OpenHandover(s.file);
                            return kNotFrozen.holds(s) || IsAtRelease(*open);
                          }};

const Rule kReleasePlanned{"release.none_planned", "No release is planned.",
                           [](const Situation& s) { return s.file.has_planned_release(); }};

// That he is out is recorded, and not planned.
bool SaysWhy(cv1::ReleaseChange change) {
  return change != cv1::RELEASE_CHANGE_UNSPECIFIED && change != cv1::RELEASE_CHANGE_RELEASED;
}

Decision ChangeRequired() {
  return Invalid("release.change_required",
                 "A release was planned for another day: say why that goes away, as a code.");
}

void TellReceiver(const jv1::CaseFile& file, const jv1::CaseEvent& planned,
                  const DecisionContext& context, Decision& decision) {
  const jv1::Handover* const open = OpenHandover(file);
  if (open == nullptr || open->side() != hv1::SIDE_HOLDER || !IsAtRelease(*open)) return;
  hv1::ReleaseDateChanged message;
  if (planned.release_planned().has_planned_release()) {
    const auto& day = planned.release_planned().planned_release();
    *message.mutable_expected() = FirstOfMonth(FromProto(day));
    *message.mutable_planned_release() = day;
  }
  if (open->stage() == hv1::HANDOVER_STAGE_OFFERED) {
    jv1::CaseEvent told = EventOf(*open);
    told.mutable_release_change_told();
    WaitFor(told, hv1::SIDE_RECEIVER, context.deadline_days.recall_answer, context);
    decision.AddEvent(told);
  }
  decision.Notify(CounterpartOf(file, *open), message);
}

void OweHandover(const DecisionContext& context, jv1::ReleasePlanned& planned) {
  const absl::Time release = FromProto(planned.planned_release());
  *planned.mutable_acceptance_owed() = AcceptanceOwed(release, context);
  *planned.mutable_offer_owed() = OfferOwed(release, context);
}

Decision So(const jv1::CaseFile& file, jv1::CaseEvent planned, cv1::ReleaseChange change,
            const DecisionContext& context) {
  jv1::ReleasePlanned& plan = *planned.mutable_release_planned();
  plan.set_change(change);
  if (plan.has_planned_release()) OweHandover(context, plan);
  *plan.mutable_recorded() = ToProto(context.now);
  Decision decision;
  decision.AddEvent(planned);
  TellReceiver(file, planned, context, decision);
  return decision;
}

Decision PlanRelease(const jv1::CaseFile& file, const kv1::PlanReleaseRequest& request,
                     const DecisionContext& context) {
  if (!request.has_planned_release()) {
    return Invalid("release.date_required", "Give the planned release.");
  }
  if (FromProto(request.planned_release()) < exchange::StartOfDay(context.now)) {
    return Invalid("release.in_the_past",
                   "A release is planned for today or later. If it has taken place, plan it for "
                   "today and hand the case over.");
  }
  const bool is_same = file.has_planned_release() &&
                       FromProto(file.planned_release()) == FromProto(request.planned_release());
  // One that was planned before anything was owed of it is planned anew.
  if (is_same && file.has_acceptance_owed()) {
    return Decision::Refuse("release.same_day", "The release is planned for this day.");
  }
  const bool moves = file.has_planned_release() && !is_same;
  if (request.change() == cv1::RELEASE_CHANGE_RELEASED || (moves && !SaysWhy(request.change()))) {
    return ChangeRequired();
  }
  jv1::CaseEvent event;
  *event.mutable_release_planned()->mutable_planned_release() = request.planned_release();
  return So(file, event, request.change(), context);
}

Decision CancelRelease(const jv1::CaseFile& file, const kv1::CancelReleaseRequest& request,
                       const DecisionContext& context) {
  if (!SaysWhy(request.change())) return ChangeRequired();
  return So(file, {}, request.change(), context);
}

Decision StateParoleCondition(const jv1::CaseFile&, const kv1::StateParoleConditionRequest& request,
                              const DecisionContext& context) {
  if (request.is_condition() && request.paragraph().empty()) {
    return Invalid("parole.paragraph_required", "Cite the law by which exit is a condition.");
  }
  jv1::CaseEvent event;
  cv1::Parole& parole = *event.mutable_parole_learnt()->mutable_parole();
  parole.set_is_condition(request.is_condition());
  parole.set_paragraph(request.paragraph());
  *parole.mutable_stated() = ToProto(context.now);
  return Decision().AddEvent(event);
}

// The receiver's service answers by itself: no employee there could hold on to an offer for a day
// that has gone away, and none has declined it.
Decision OnReleaseDateChanged(const PartyLetter& letter, const hv1::ReleaseDateChanged& message) {
  const jv1::Handover& handover = letter.handover;
  if (HasEnded(handover)) return Decision::NoEffect("release_change_crossed_end");
  if (!IsAtRelease(handover)) return OutOfTurn();
  jv1::CaseEvent event = EventOf(handover);
  jv1::ReleaseChangeLearnt& learnt = *event.mutable_release_change_learnt();
  if (message.has_expected()) *learnt.mutable_expected() = message.expected();
  if (message.has_planned_release()) {
    *learnt.mutable_planned_release() = message.planned_release();
  }
  if (handover.stage() != hv1::HANDOVER_STAGE_OFFERED) return Decision().AddEvent(event);
  WaitForNobody(event);
  hv1::RecallAnswered answer;
  answer.set_returned_number(handover.offered_number());
  return Decision().AddEvent(event).Notify(CounterpartOf(letter.file, handover), answer);
}

void BackToAccepted(jv1::Handover& handover) {
  handover.set_stage(hv1::HANDOVER_STAGE_ACCEPTED);
  handover.clear_offer();
  handover.clear_slips();
  handover.clear_offered_number();
  handover.clear_earliest();
  handover.clear_recall_requested();
}

// A dossier belongs to its offer: the next one comes with another.
void LearnChange(jv1::Handover& handover, const jv1::ReleaseChangeLearnt& learnt) {
  handover.clear_expected();
  if (learnt.has_expected()) *handover.mutable_expected() = learnt.expected();
  handover.clear_planned_release();
  if (learnt.has_planned_release()) {
    *handover.mutable_planned_release() = learnt.planned_release();
  }
  handover.set_release_changes(handover.release_changes() + 1);
  if (handover.stage() != hv1::HANDOVER_STAGE_OFFERED) return;
  BackToAccepted(handover);
  handover.clear_dossier();
  handover.clear_received_on_consent();
}

void NoteTold(jv1::Handover& handover, const jv1::ReleaseChangeTold&) {
  handover.set_release_change_told(true);
}

void Return(jv1::Handover& handover, const jv1::OfferReturned&) {
  BackToAccepted(handover);
  handover.clear_release_change_told();
  handover.clear_sent_on_consent();
}

void Plan(jv1::CaseFile& file, const jv1::ReleasePlanned& planned) {
  file.clear_planned_release();
  file.clear_acceptance_owed();
  file.clear_offer_owed();
  if (planned.has_planned_release()) *file.mutable_planned_release() = planned.planned_release();
  if (planned.has_acceptance_owed()) *file.mutable_acceptance_owed() = planned.acceptance_owed();
  if (planned.has_offer_owed()) *file.mutable_offer_owed() = planned.offer_owed();
  cv1::ReleaseVersion& version = *file.add_releases();
  if (planned.has_planned_release()) *version.mutable_planned_release() = planned.planned_release();
  version.set_change(planned.change());
  if (planned.has_recorded()) *version.mutable_recorded() = planned.recorded();
  exchange::KeepNewest(*file.mutable_releases(), kVersionsMax);
}

}  // namespace

const Rule kReleaseStillPlanned{
    "release.plan_required",
    "The release that this handover waits for has gone away. Plan the next one first: PlanRelease.",
    [](const Situation& s) { return !IsAtRelease(*s.handover) || s.file.has_planned_release(); }};

void CancelPlan(const jv1::CaseFile& file, cv1::ReleaseChange change,
                const DecisionContext& context, Decision& decision) {
  if (!file.has_planned_release()) return;
  jv1::CaseEvent event;
  event.mutable_release_planned()->set_change(change);
  *event.mutable_release_planned()->mutable_recorded() = ToProto(context.now);
  decision.AddEvent(event);
  TellReceiver(file, event, context, decision);
}

void ReplanFor(const jv1::CaseFile& file, const cv1::Released& released,
               const DecisionContext& context, Decision& decision) {
  const jv1::Handover* const open = OpenHandover(file);
  const bool is_offered = open != nullptr && open->stage() == hv1::HANDOVER_STAGE_OFFERED;
  // It can be taken over at once.
  if (is_offered && IsAtRelease(*open) && !open->release_change_told() &&
      FromProto(open->earliest()) <= context.now) {
    return;
  }
  jv1::CaseEvent event;
  jv1::ReleasePlanned& planned = *event.mutable_release_planned();
  *planned.mutable_planned_release() = released.released();
  planned.set_change(cv1::RELEASE_CHANGE_RELEASED);
  *planned.mutable_recorded() = ToProto(context.now);
  OweHandover(context, planned);
  decision.AddEvent(event);
  TellReceiver(file, event, context, decision);
}

Decision OnOfferReturned(const PartyLetter& letter, std::uint64_t number) {
  const jv1::Handover& handover = letter.handover;
  if (handover.stage() != hv1::HANDOVER_STAGE_OFFERED) {
    return Decision::NoEffect("offer_return_crossed_end");
  }
  if (!handover.release_change_told() || number != handover.offered_number()) {
    return Decision::Refuse("letter.returned_unasked",
                            "No offer of this number waits for a day that has gone away.");
  }
  jv1::CaseEvent event = EventOf(handover);
  event.mutable_offer_returned();
  WaitForNobody(event);
  Decision decision;
  decision.AddEvent(event);
  for (const hv1::LateFact& fact : handover.late_facts()) {
    ActOnLateFact(letter.file, fact, letter.context, decision);
  }
  const auto after = After(letter.file, decision);
  if (IsOver(after->stage())) {
    Recall(*after, *FindHandover(*after, handover.handover_id()), letter.context, decision);
  }
  return decision;
}

// Both sides of it: its day is told by the one and heard by the other.
CasePart ReleaseDatePart() {
  CasePart part;
  part.On(AtReceiver(&OnReleaseDateChanged))
      .After(&Plan)
      .After(OfHandover(&LearnChange))
      .After(OfHandover(&NoteTold))
      .After(OfHandover(&Return));
  return part;
}

CasePart ReleasePart() {
  CasePart part;
  part.Serve(OnCase({&kResponsible, &kInProgramme, &kPlanNotFrozen, &kNotReleased}, &PlanRelease))
      .Serve(
          OnCase({&kResponsible, &kInProgramme, &kPlanNotFrozen, &kReleasePlanned, &kNotReleased},
                 &CancelRelease))
      .Serve(OnCase({&kResponsible, &kInProgramme, &kNotFrozen}, &StateParoleCondition));
  ServeReleased(part);
  ServeCustody(part);
  return part;
}

}  // namespace exitbus::casework
