// What goes wrong on purpose: handovers that end, processes and disks that are lost.
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "services/exchange/ports/status_macros.h"
#include "tests/story/checks.h"
#include "tests/story/story.h"

namespace exitbus::story {

absl::Status Story::Reject(const Handing& handing, hv1::RejectionCode why) {
  const auto& [holder, receiver, id] = handing;
  RETURN_IF_ERROR(receiver->Reject(id, why).status());
  const std::string code = hv1::RejectionCode_Name(why).substr(sizeof("REJECTION_CODE_") - 1);
  say_->Did(Nick(receiver), "refuses: " + code + "; erases what it got", receiver->took());
  return AwaitErasure(handing, hv1::HANDOVER_STAGE_REJECTED);
}

absl::Status Story::Recall(const Handing& handing) {
  const auto& [holder, receiver, id] = handing;
  RETURN_IF_ERROR(holder->Recall(id).status());
  say_->Did(Nick(holder), "recalls the request", holder->took());
  return AwaitErasure(handing, hv1::HANDOVER_STAGE_RECALLED);
}

absl::Status Story::AwaitErasure(const Handing& handing, hv1::HandoverStage stage) {
  const auto& [holder, receiver, id] = handing;
  const absl::Time sent = stage == hv1::HANDOVER_STAGE_REJECTED ? receiver->sent() : holder->sent();
  ASSIGN_OR_RETURN(
      const auto confirmed,
      holder->AwaitHandover(id, sent, "the erasure is confirmed", [&](const hv1::Handover& h) {
        return h.stage() == stage && h.erasure_confirmed();
      }));
  say_->Hop(Nick(receiver), Nick(holder), "ErasureConfirmed", confirmed.took);
  ASSIGN_OR_RETURN(const hv1::Handover left, receiver->GetHandover(id));
  RETURN_IF_ERROR(Check(
      left.stage() == stage && !left.has_person() && left.case_id().empty() && left.terms().empty(),
      "what was received is erased", left));
  say_->Sees(Nick(receiver), ShownIn(left));
  RETURN_IF_ERROR(CheckStillHolds(handing));
  // What the receiver held as a former holder is another matter, and stays.
  ASSIGN_OR_RETURN(const cv1::Case former, receiver->GetCase(case_id_));
  RETURN_IF_ERROR(
      Check(former.standing() == cv1::STANDING_FORMER, "its earlier file is untouched", former));
  return absl::OkStatus();
}

absl::Status Story::CheckStillHolds(const Handing& handing) {
  ASSIGN_OR_RETURN(const cv1::Case kept, handing.holder->GetCase(case_id_));
  RETURN_IF_ERROR(
      Check(kept.standing() == cv1::STANDING_RESPONSIBLE && kept.responsibility_number() == number_,
            "the holder still answers", kept));
  say_->Holds(Nick(handing.holder) + " still answers for the case, under the same number");
  return absl::OkStatus();
}

absl::Status Story::Crash(Moment moment, const Handing& handing) {
  const bool broker = crashes_.broker.count(moment) > 0;
  const bool process = crashes_.receiver.count(moment) > 0;
  if (!broker && !process) return absl::OkStatus();
  const Member& member = handing.receiver->member();
  absl::SleepFor(crashes_.after);
  const absl::Time began = absl::Now();
  if (broker) {
    RETURN_IF_ERROR(deployment_->KillBroker());
    if (listener_ != nullptr) listener_->BrokerKilled();
    RETURN_IF_ERROR(deployment_->WipeBroker());
    say_->Did("!", "the broker is killed with kill -9, its log folder wiped", absl::Now() - began);
  }
  if (process) {
    RETURN_IF_ERROR(deployment_->KillService(member));
    say_->Did("!", member.id + " is killed with kill -9", absl::Now() - began);
    RETURN_IF_ERROR(deployment_->StartService(member));
    RETURN_IF_ERROR(deployment_->AwaitServing(member));
    say_->Did("!", member.id + (broker ? " serves again, without a broker" : " serves again"),
              absl::Now() - began);
  }
  if (broker) {
    say_->Progress("starting an empty broker; the authorities serve on meanwhile");
    RETURN_IF_ERROR(deployment_->StartBroker());
    RETURN_IF_ERROR(deployment_->Provision());
    say_->Did("!", "an empty broker is there, topics and access list provisioned again",
              absl::Now() - began);
    say_->Progress("what was lost with it is published again from the outboxes");
  }
  return absl::OkStatus();
}

}  // namespace exitbus::story
