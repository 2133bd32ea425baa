// A handover that is not answered: the contact point hears of it, nudges, and an answer comes.
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "services/exchange/ports/status_macros.h"
#include "services/exchange/proto_time.h"
#include "tests/story/checks.h"
#include "tests/story/operations.h"
#include "tests/story/story.h"

namespace exitbus::story {
namespace {

constexpr char kNote[] = "Ringet til Ishøj: svarer i dag (opdigtet)";

bool IsEscalated(const hv1::Handover& handover) { return handover.escalated(); }

}  // namespace

absl::Status Story::NoAnswer(const Handing& handing) {
  say_->Chapter("8 · Ishøj does not answer, and the contact point nudges");
  RETURN_IF_ERROR(Propose(handing, 3));
  ASSIGN_OR_RETURN(const std::string contact_id, Escalate(handing));
  RETURN_IF_ERROR(desk_->Nudge(contact_id).status());
  say_->Did(Nick(desk_.get()), "nudges the side that is waited for", desk_->took());
  ASSIGN_OR_RETURN(
      const auto nudged,
      ishoj_->AwaitHandover(handing.id, desk_->sent(), "it is nudged",
                            [](const hv1::Handover& seen) { return seen.nudges() == 1; }));
  say_->Hop(Nick(desk_.get()), "ishoj", "HandoverNudged", nudged.took);
  RETURN_IF_ERROR(desk_->RecordNote(contact_id, kNote).status());
  say_->Did(Nick(desk_.get()), "records what was said on the telephone", desk_->took());
  RETURN_IF_ERROR(CheckStillHolds(handing));
  RETURN_IF_ERROR(Reject(handing, hv1::REJECTION_CODE_NO_CAPACITY));
  ASSIGN_OR_RETURN(const auto answered,
                   desk_->AwaitMonitored(contact_id, ishoj_->sent(), "it is answered",
                                         [](const dv1::MonitoredHandover& seen) {
                                           return seen.stage() == dv1::MONITORED_STAGE_ENDED &&
                                                  seen.escalations(0).has_answered();
                                         }));
  say_->Hop("ishoj", Nick(desk_.get()), "HandoverRejected: answered after all", answered.took);
  return Check(answered.view.escalations_size() == 1 &&
                   answered.view.escalations(0).nudges_size() == 1 &&
                   answered.view.escalations(0).nudges(0).authority() == kIshoj &&
                   answered.view.notes_size() == 1 &&
                   absl::StrContains(answered.view.notes(0).text(), kNote),
               "the desk keeps what was done", answered.view);
}

absl::StatusOr<std::string> Story::Escalate(const Handing& handing) {
  const auto& [holder, receiver, id] = handing;
  ASSIGN_OR_RETURN(const hv1::Handover waiting, holder->GetHandover(id));
  RETURN_IF_ERROR(Check(waiting.waiting_for() == hv1::SIDE_RECEIVER && !waiting.escalated(),
                        "the holder waits for the receiver", waiting));
  // An older run's, in a folder that was kept.
  std::set<std::string> known;
  ASSIGN_OR_RETURN(const auto before, desk_->ListMonitored(true));
  for (const dv1::MonitoredHandover& followed : before) known.insert(followed.contact_id());
  ASSIGN_OR_RETURN(const absl::Time today, deployment_->Today());
  const absl::Duration by = exchange::FromProto(waiting.due()) - today + absl::Hours(1);
  const absl::Time began = absl::Now();
  RETURN_IF_ERROR(AdvanceClock(*deployment_, by));
  say_->Did("!",
            absl::StrCat("five working days pass: the clock of all is moved on by ",
                         absl::ToInt64Hours(by) / 24, " days"),
            absl::Now() - began);
  for (Actor* side : {holder, receiver}) {
    RETURN_IF_ERROR(
        side->AwaitHandover(id, began, "the wait is over its deadline", IsEscalated).status());
  }
  ASSIGN_OR_RETURN(
      const auto listed, desk_->AwaitEscalated(began, [&](const dv1::MonitoredHandover& followed) {
        return known.count(followed.contact_id()) == 0 && followed.holder() == holder->id() &&
               followed.receiver() == receiver->id();
      }));
  say_->Hop(Nick(holder), Nick(desk_.get()), "HandoverEscalated", listed.took);
  const std::string bytes = listed.view.SerializeAsString();
  for (const std::string& text : {case_id_, id, person_.name(), person_.cpr_number()}) {
    RETURN_IF_ERROR(
        Check(!absl::StrContains(bytes, text), "the contact point knows no person", listed.view));
  }
  say_->Sees(Nick(desk_.get()), ShownIn(listed.view));
  say_->SeesNot(Nick(desk_.get()), {"name", "CPR number", "the case's id", "the handover's id",
                                    "terms", "precautions"});
  return listed.view.contact_id();
}

}  // namespace exitbus::story
