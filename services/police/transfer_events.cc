// What becomes of the handovers that a police unit follows.
#include <algorithm>

#include "services/exchange/obligation.h"
#include "services/exchange/repeated.h"
#include "services/police/parts.h"
#include "services/police/security_file.h"
#include "services/weekly_report/reports.h"

namespace exitbus::police {
namespace {

constexpr int kNotesMax = 20;

jv1::Transfer* Mutable(jv1::SecurityFile& file, std::string_view handover_id) {
  return const_cast<jv1::Transfer*>(FindTransfer(file, handover_id));
}

// Whatever was waited for has come by that.
void Reach(jv1::Transfer& transfer, v1::TransferStage stage) {
  transfer.mutable_seen()->set_stage(stage);
  transfer.mutable_seen()->clear_escalated();
}

void Begin(jv1::SecurityFile& file, const jv1::TransferBegun& begun) {
  if (begun.incoming()) {
    file.set_security_id(begun.handover_id());
    file.set_standing(v1::POLICE_STANDING_RECEIVING);
    file.set_holder(begun.holder());
  }
  jv1::Transfer& transfer = *file.add_transfers();
  transfer.set_incoming(begun.incoming());
  v1::Transfer& seen = *transfer.mutable_seen();
  seen.set_handover_id(begun.handover_id());
  seen.set_stage(v1::TRANSFER_STAGE_REQUESTED);
  seen.set_holder(begun.holder());
  seen.set_receiver(begun.receiver());
  seen.set_counterpart(begun.counterpart());
}

void Receive(jv1::SecurityFile& file, const jv1::AssessmentReceived& received) {
  *file.mutable_person() = received.person();
  file.set_current_address(received.current_address());
  if (received.has_assessment()) *file.mutable_assessment() = received.assessment();
  if (IsFurther(received.stage(), file.stage())) file.set_stage(received.stage());
  if (jv1::Transfer* transfer = Mutable(file, received.handover_id())) {
    transfer->mutable_seen()->set_transferred_version(received.assessment().version());
  }
}

void Move(jv1::SecurityFile& file, const jv1::CaseMoved& moved) {
  jv1::Transfer* transfer = Mutable(file, moved.handover_id());
  if (transfer != nullptr) Reach(*transfer, v1::TRANSFER_STAGE_MOVED);
  file.set_holder(moved.holder());
  const bool leaves =
      transfer != nullptr && !transfer->incoming() && !transfer->seen().counterpart().empty();
  // What became of other handovers is the next holder's no more, nor of this one that unit's.
  for (jv1::Transfer& one : *file.mutable_transfers()) {
    if (leaves || one.seen().handover_id() != moved.handover_id()) one.clear_journey();
  }
  file.set_standing(leaves ? v1::POLICE_STANDING_FORMER : v1::POLICE_STANDING_IN_CHARGE);
  // The next holder asks for both itself.
  if (file.has_weekly_reports()) weekly_report::End(*file.mutable_weekly_reports());
  file.clear_nec_inquiry();
  file.clear_place_checks();
  file.clear_released();
  file.clear_contact_person();
  file.clear_meetings();
  file.clear_pause_requested();
  file.clear_pause_declined();
  // Only the authority in charge is owed precautions.
  exchange::EraseFrom(*file.mutable_precautions_recipients(),
                      [&](const jv1::PrecautionsSent& sent) {
                        return leaves || RecipientOf(sent) != moved.holder();
                      });
}

void Advance(jv1::SecurityFile& file, const jv1::TransferAdvanced& advanced) {
  if (jv1::Transfer* transfer = Mutable(file, advanced.handover_id())) {
    Reach(*transfer, advanced.stage());
  }
}

void Send(jv1::SecurityFile& file, const jv1::AssessmentSent& sent) {
  if (jv1::Transfer* transfer = Mutable(file, sent.handover_id())) {
    transfer->mutable_seen()->set_transferred_version(sent.version());
  }
}

void End(jv1::SecurityFile& file, const jv1::TransferEnded& ended) {
  jv1::Transfer* transfer = Mutable(file, ended.handover_id());
  if (transfer == nullptr) return;
  Reach(*transfer, v1::TRANSFER_STAGE_ENDED);
  if (ended.has_erasure_owed()) *transfer->mutable_erasure() = ended.erasure_owed();
  exchange::EraseFrom(*file.mutable_precautions_recipients(),
                      [&](const jv1::PrecautionsSent& sent) {
                        return RecipientOf(sent) == transfer->seen().receiver();
                      });
}

// Codes stay, so that late crossings still find the transfer.
void Erase(jv1::SecurityFile& file, const jv1::Erased&) {
  jv1::SecurityFile kept;
  kept.set_security_id(file.security_id());
  kept.set_standing(v1::POLICE_STANDING_ENDED);
  *kept.mutable_transfers() = file.transfers();
  for (jv1::Transfer& transfer : *kept.mutable_transfers()) transfer.clear_journey();
  file = std::move(kept);
}

void Confirm(jv1::SecurityFile& file, const jv1::PeerErased& erased) {
  if (jv1::Transfer* transfer = Mutable(file, erased.handover_id())) {
    exchange::Confirm(erased.by(), *transfer->mutable_erasure());
  }
}

void Keep(jv1::SecurityFile& file, const jv1::SafetyNoteLearnt& learnt) {
  *file.add_safety_notes() = learnt.note();
  exchange::KeepNewest(*file.mutable_safety_notes(), kNotesMax);
}

void Escalate(jv1::SecurityFile& file, const jv1::TransferEscalated& escalated) {
  if (jv1::Transfer* transfer = Mutable(file, escalated.handover_id())) {
    transfer->mutable_seen()->set_escalated(true);
  }
}

}  // namespace

SecurityPart TransferEvents() {
  SecurityPart part;
  part.After(&Keep)
      .After(&Begin)
      .After(&Advance)
      .After(&Send)
      .After(&Receive)
      .After(&Move)
      .After(&End)
      .After(&Erase)
      .After(&Confirm)
      .After(&Escalate);
  return part;
}

}  // namespace exitbus::police
