#include "services/police/security_file.h"

#include <algorithm>

#include "services/exchange/erasure.h"
#include "services/exchange/proto_time.h"
#include "services/police/consent_and_corrections.h"

namespace exitbus::police {
namespace {

jv1::Transfer* Mutable(jv1::SecurityFile& file, std::string_view handover_id) {
  for (jv1::Transfer& transfer : *file.mutable_transfers()) {
    if (transfer.seen().handover_id() == handover_id) return &transfer;
  }
  return nullptr;
}

v1::PrecautionsTold& ToldTo(jv1::SecurityFile& file, const std::string& authority) {
  for (v1::PrecautionsTold& told : *file.mutable_told()) {
    if (told.authority() == authority) return told;
  }
  v1::PrecautionsTold& told = *file.add_told();
  told.set_authority(authority);
  return told;
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
  if (received.has_assessment()) *file.mutable_assessment() = received.assessment();
  if (jv1::Transfer* transfer = Mutable(file, received.handover_id())) {
    transfer->mutable_seen()->set_transferred_version(received.assessment().version());
  }
}

void Move(jv1::SecurityFile& file, const jv1::CaseMoved& moved) {
  jv1::Transfer* transfer = Mutable(file, moved.handover_id());
  if (transfer != nullptr) transfer->mutable_seen()->set_stage(v1::TRANSFER_STAGE_MOVED);
  file.set_holder(moved.holder());
  const bool leaves =
      transfer != nullptr && !transfer->incoming() && !transfer->seen().counterpart().empty();
  file.set_standing(leaves ? v1::POLICE_STANDING_FORMER : v1::POLICE_STANDING_IN_CHARGE);
  // Only the authority in charge is owed precautions.
  auto* told = file.mutable_told();
  told->erase(std::remove_if(told->begin(), told->end(),
                             [&](const v1::PrecautionsTold& row) {
                               return leaves || row.authority() != moved.holder();
                             }),
              told->end());
}

// Codes stay, so that late crossings still find the transfer.
void Erase(jv1::SecurityFile& file) {
  jv1::SecurityFile kept;
  kept.set_security_id(file.security_id());
  kept.set_standing(v1::POLICE_STANDING_ENDED);
  *kept.mutable_transfers() = file.transfers();
  file = std::move(kept);
}

}  // namespace

void Evolve(jv1::SecurityFile& file, const jv1::SecurityEvent& event) {
  switch (event.what_case()) {
    case jv1::SecurityEvent::kRequested:
      file.set_security_id(event.requested().security_id());
      file.set_standing(v1::POLICE_STANDING_IN_CHARGE);
      file.set_holder(event.requested().holder());
      *file.mutable_person() = event.requested().person();
      file.set_current_address(event.requested().current_address());
      *file.mutable_requested() = event.requested();
      file.mutable_requested()->clear_person();
      file.mutable_requested()->clear_current_address();
      return;
    case jv1::SecurityEvent::kAssessmentMade:
      *file.mutable_assessment() = event.assessment_made().assessment();
      return;
    case jv1::SecurityEvent::kPrecautionsSent: {
      v1::PrecautionsTold& told = ToldTo(file, event.precautions_sent().authority());
      told.set_version(event.precautions_sent().version());
      *told.mutable_due() = event.precautions_sent().due();
      told.clear_acknowledged_by();
      told.clear_acknowledged();
      told.clear_overdue();
      return;
    }
    case jv1::SecurityEvent::kAcknowledged: {
      v1::PrecautionsTold& told = ToldTo(file, event.acknowledged().authority());
      told.set_acknowledged_by(event.acknowledged().acknowledged_by());
      *told.mutable_acknowledged() = event.acknowledged().acknowledged();
      told.clear_overdue();
      return;
    }
    case jv1::SecurityEvent::kOverdue:
      ToldTo(file, event.overdue().authority()).set_overdue(true);
      return;
    case jv1::SecurityEvent::kTransferBegun:
      return Begin(file, event.transfer_begun());
    case jv1::SecurityEvent::kTransferAdvanced:
      if (jv1::Transfer* transfer = Mutable(file, event.transfer_advanced().handover_id())) {
        transfer->mutable_seen()->set_stage(event.transfer_advanced().stage());
        transfer->mutable_seen()->clear_escalated();
      }
      return;
    case jv1::SecurityEvent::kAssessmentSent:
      if (jv1::Transfer* transfer = Mutable(file, event.assessment_sent().handover_id())) {
        transfer->mutable_seen()->set_transferred_version(event.assessment_sent().version());
      }
      return;
    case jv1::SecurityEvent::kAssessmentReceived:
      return Receive(file, event.assessment_received());
    case jv1::SecurityEvent::kCaseMoved:
      return Move(file, event.case_moved());
    case jv1::SecurityEvent::kTransferEnded:
      if (jv1::Transfer* transfer = Mutable(file, event.transfer_ended().handover_id())) {
        transfer->mutable_seen()->set_stage(v1::TRANSFER_STAGE_ENDED);
        const std::string receiver = transfer->seen().receiver();
        auto* told = file.mutable_told();
        told->erase(std::remove_if(told->begin(), told->end(),
                                   [&](const v1::PrecautionsTold& row) {
                                     return row.authority() == receiver;
                                   }),
                    told->end());
      }
      return;
    case jv1::SecurityEvent::kErased:
      return Erase(file);
    case jv1::SecurityEvent::kPeerErased:
      if (jv1::Transfer* transfer = Mutable(file, event.peer_erased().handover_id())) {
        transfer->mutable_seen()->set_erasure_confirmed(true);
      }
      return;
    case jv1::SecurityEvent::kTransferEscalated:
      if (jv1::Transfer* transfer = Mutable(file, event.transfer_escalated().handover_id())) {
        transfer->mutable_seen()->set_escalated(true);
      }
      return;
    case jv1::SecurityEvent::kRevocationLearnt:
      return Revoke(file, event.revocation_learnt());
    case jv1::SecurityEvent::kCorrectionLearnt:
      return Correct(file, event.correction_learnt());
    case jv1::SecurityEvent::kErasure:
      return exchange::EvolveErased(file, event.erasure());
    case jv1::SecurityEvent::WHAT_NOT_SET:
      return;
  }
}

std::vector<std::string> KeysOf(const jv1::SecurityFile& file) {
  if (file.has_erasure()) return exchange::KeysOf(file.erasure());
  if (file.security_id().empty()) return {};
  std::vector<std::string> keys = LetterKeysOf(file);
  keys.push_back("security/" + file.security_id());
  return keys;
}

std::vector<std::string> LetterKeysOf(const jv1::SecurityFile& file) {
  std::vector<std::string> keys = {LetterKey(file.security_id())};
  for (const jv1::Transfer& transfer : file.transfers()) {
    const std::string key = LetterKey(transfer.seen().handover_id());
    if (key != keys.front()) keys.push_back(key);
  }
  return keys;
}

std::string LetterKey(std::string_view subject) { return "subject/" + std::string(subject); }

std::vector<exchange::Deadline> DeadlinesOf(const jv1::SecurityFile& file) {
  std::vector<exchange::Deadline> deadlines;
  if (auto deadline = exchange::DeadlineOf(file.erasure())) {
    deadlines.push_back(*std::move(deadline));
  }
  for (const v1::PrecautionsTold& told : file.told()) {
    if (told.acknowledged_by().empty() && !told.overdue()) {
      deadlines.push_back({told.authority(), exchange::FromProto(told.due())});
    }
  }
  return deadlines;
}

std::unique_ptr<google::protobuf::Message> View(const jv1::SecurityFile& file) {
  if (file.security_id().empty() || file.standing() == v1::POLICE_STANDING_ENDED) return nullptr;
  auto view = std::make_unique<v1::SecurityFile>();
  view->set_security_id(file.security_id());
  view->set_standing(file.standing());
  view->set_holder(file.holder());
  view->set_naming(NamingIn(file));
  if (view->naming() == v1::NAMING_NAMED) *view->mutable_person() = file.person();
  view->set_current_address(file.current_address());
  if (file.has_assessment()) *view->mutable_assessment() = file.assessment();
  *view->mutable_told() = file.told();
  if (!file.transfers().empty()) {
    *view->mutable_transfer() = file.transfers(file.transfers_size() - 1).seen();
  }
  view->set_legal_basis(file.requested().legal_basis());
  if (file.has_consent_revoked()) *view->mutable_consent_revoked() = file.consent_revoked();
  if (file.has_blocked()) *view->add_blocked() = BlockedIn(file);
  *view->mutable_corrections() = file.corrections();
  return view;
}

const jv1::Transfer* FindTransfer(const jv1::SecurityFile& file, std::string_view handover_id) {
  for (const jv1::Transfer& transfer : file.transfers()) {
    if (transfer.seen().handover_id() == handover_id) return &transfer;
  }
  return nullptr;
}

bool IsOpen(const jv1::Transfer& transfer) {
  return transfer.seen().stage() != v1::TRANSFER_STAGE_MOVED &&
         transfer.seen().stage() != v1::TRANSFER_STAGE_ENDED;
}

const jv1::Transfer* OpenTransfer(const jv1::SecurityFile& file) {
  for (const jv1::Transfer& transfer : file.transfers()) {
    if (IsOpen(transfer)) return &transfer;
  }
  return nullptr;
}

}  // namespace exitbus::police
