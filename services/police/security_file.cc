#include "services/police/security_file.h"

#include "services/exchange/keys.h"
#include "services/police/consent_and_corrections.h"
#include "services/police/parts.h"

namespace exitbus::police {
namespace {

v1::PrecautionsTold& ToldTo(jv1::SecurityFile& file, const std::string& authority) {
  for (v1::PrecautionsTold& told : *file.mutable_told()) {
    if (told.authority() == authority) return told;
  }
  v1::PrecautionsTold& told = *file.add_told();
  told.set_authority(authority);
  return told;
}

void Assess(jv1::SecurityFile& file, const jv1::AssessmentMade& made) {
  *file.mutable_assessment() = made.assessment();
}

void Tell(jv1::SecurityFile& file, const jv1::PrecautionsSent& sent) {
  v1::PrecautionsTold& told = ToldTo(file, sent.authority());
  told.set_version(sent.version());
  *told.mutable_due() = sent.due();
  told.clear_acknowledged_by();
  told.clear_acknowledged();
  told.clear_overdue();
}

void Acknowledge(jv1::SecurityFile& file, const jv1::Acknowledged& acknowledged) {
  v1::PrecautionsTold& told = ToldTo(file, acknowledged.authority());
  told.set_acknowledged_by(acknowledged.acknowledged_by());
  *told.mutable_acknowledged() = acknowledged.acknowledged();
  told.clear_overdue();
}

void MarkOverdue(jv1::SecurityFile& file, const jv1::Overdue& overdue) {
  ToldTo(file, overdue.authority()).set_overdue(true);
}

// "security/<security id>" for this unit's own people, and LetterKeysOf().
std::vector<std::string> KeysOf(const jv1::SecurityFile& file, const exchange::Lookup&) {
  if (file.security_id().empty()) return {};
  std::vector<std::string> keys = LetterKeysOf(file);
  keys.push_back(SecurityKey(file.security_id()));
  return keys;
}

}  // namespace

SecurityPart SecurityEvents() {
  SecurityPart part;
  part.After(&Assess).After(&Tell).After(&Acknowledge).After(&MarkOverdue).Named(&KeysOf);
  return part;
}

std::vector<std::string> LetterKeysOf(const jv1::SecurityFile& file) {
  std::vector<std::string> keys = {LetterKey(file.security_id())};
  for (const jv1::Transfer& transfer : file.transfers()) {
    const std::string key = LetterKey(transfer.seen().handover_id());
    if (key != keys.front()) keys.push_back(key);
  }
  return keys;
}

std::string SecurityKey(const std::string& security_id) {
  return exchange::KindName{"security", security_id}.Encode();
}

std::string LetterKey(std::string_view subject) {
  return exchange::KindName{"subject", std::string(subject)}.Encode();
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
