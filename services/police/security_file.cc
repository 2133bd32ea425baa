#include "services/police/security_file.h"

#include <algorithm>

#include "services/exchange/keys.h"
#include "services/exchange/obligation.h"
#include "services/exchange/proto_time.h"
#include "services/exchange/repeated.h"
#include "services/police/consent_and_corrections.h"
#include "services/police/parts.h"
#include "services/policy/copy.h"
#include "services/relocation/journey.h"

namespace exitbus::police {
namespace {

// How a course goes; from any of them it may end.
constexpr casework::v1::CaseStage kCourse[] = {
    casework::v1::CASE_STAGE_UNSPECIFIED, casework::v1::CASE_STAGE_REFERRED,
    casework::v1::CASE_STAGE_VISITED,     casework::v1::CASE_STAGE_ENROLLED,
    casework::v1::CASE_STAGE_ACTIVE,      casework::v1::CASE_STAGE_WITHDRAWN,
    casework::v1::CASE_STAGE_ENDED,       casework::v1::CASE_STAGE_CLOSED};

jv1::PrecautionsSent* MutableTold(jv1::SecurityFile& file, std::string_view authority) {
  return const_cast<jv1::PrecautionsSent*>(FindTold(file, authority));
}

void Assess(jv1::SecurityFile& file, const jv1::AssessmentMade& made) {
  *file.mutable_assessment() = made.assessment();
}

void Notify(jv1::SecurityFile& file, const jv1::PrecautionsSent& sent) {
  jv1::PrecautionsSent* older = MutableTold(file, RecipientOf(sent));
  *(older != nullptr ? older : file.add_precautions_recipients()) = sent;
}

void Acknowledge(jv1::SecurityFile& file, const jv1::Acknowledged& acknowledged) {
  jv1::PrecautionsSent* recipient = MutableTold(file, acknowledged.by().authority());
  if (recipient == nullptr) return;
  recipient->set_acknowledged_by(acknowledged.acknowledged_by());
  recipient->clear_call();
  exchange::Confirm(acknowledged.by(), *recipient->mutable_owed());
}

// SEC-09: the leader of the unit sees it in the list.
std::vector<exchange::NamedObligation> OwedByReaders(const jv1::SecurityFile& file) {
  std::vector<exchange::NamedObligation> owed;
  for (const jv1::PrecautionsSent& sent : file.precautions_recipients()) {
    owed.push_back({RecipientOf(sent), &sent.owed()});
  }
  return owed;
}

v1::PrecautionsRecipient ToldView(const jv1::PrecautionsSent& sent) {
  v1::PrecautionsRecipient view;
  view.set_authority(RecipientOf(sent));
  view.set_version(sent.version());
  view.set_acknowledged_by(sent.acknowledged_by());
  const auto& by = sent.owed().parties(0);
  if (!sent.acknowledged_by().empty()) *view.mutable_acknowledged() = by.confirmed();
  view.set_phoned_to(sent.phoned_to());
  if (sent.has_phoned()) *view.mutable_phoned() = sent.phoned();
  exchange::ShowDue(sent.owed(), view);
  *view.mutable_call() = sent.call();
  return view;
}

v1::Transfer TransferView(const jv1::Transfer& transfer) {
  v1::Transfer view = transfer.seen();
  const auto& erasure = transfer.erasure();
  view.set_erasure_confirmed(exchange::IsConfirmed(erasure));
  if (erasure.has_due()) *view.mutable_erasure_due() = erasure.due();
  view.set_erasure_overdue(exchange::IsOverdue(erasure));
  return view;
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
  part.After(&Assess)
      .After(&Notify)
      .After(&Acknowledge)
      .Obligations("precautions.overdue", &OwedByReaders)
      .Named(&KeysOf);
  return part;
}

const std::string& RecipientOf(const jv1::PrecautionsSent& sent) {
  return sent.owed().parties(0).authority();
}

const jv1::PrecautionsSent* FindTold(const jv1::SecurityFile& file, std::string_view authority) {
  return exchange::FindIn(file.precautions_recipients(), [&](const jv1::PrecautionsSent& sent) {
    return RecipientOf(sent) == authority;
  });
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

bool IsShown(const jv1::SecurityFile& file) {
  return !file.security_id().empty() && file.standing() != v1::POLICE_STANDING_ENDED;
}

std::unique_ptr<google::protobuf::Message> View(const jv1::SecurityFile& file) {
  if (!IsShown(file)) return nullptr;
  auto view = std::make_unique<v1::SecurityFile>();
  policy::CopyAlike(file, *view);
  view->set_naming(NamingIn(file));
  for (const jv1::PlaceCheck& check : file.place_checks()) {
    *view->add_place_checks() = check.seen();
  }
  if (view->naming() != v1::NAMING_NAMED) view->clear_person();
  for (const jv1::PrecautionsSent& sent : file.precautions_recipients())
    *view->add_precautions_recipients() = ToldView(sent);
  if (!file.transfers().empty()) {
    *view->mutable_transfer() = TransferView(file.transfers(file.transfers_size() - 1));
  }
  if (const jv1::Transfer* const followed = FollowedTransfer(file)) {
    *view->mutable_journey() = relocation::Shown(followed->journey());
  }
  for (const jv1::Duplicate& duplicate : file.duplicates()) {
    *view->add_duplicates() = duplicate.seen();
  }
  view->set_legal_basis(file.requested().legal_basis());
  const auto& asked = file.requested().received();
  if (file.requested().has_received() &&
      exchange::FromProto(file.assessment().made()) < exchange::FromProto(asked)) {
    *view->mutable_assessment_asked() = asked;
  }
  if (file.has_blocked()) *view->add_blocked() = BlockedIn(file);
  return view;
}

const jv1::Transfer* FindTransfer(const jv1::SecurityFile& file, std::string_view handover_id) {
  return exchange::FindIn(file.transfers(), [&](const jv1::Transfer& transfer) {
    return transfer.seen().handover_id() == handover_id;
  });
}

bool IsOpen(const jv1::Transfer& transfer) {
  return transfer.seen().stage() != v1::TRANSFER_STAGE_MOVED &&
         transfer.seen().stage() != v1::TRANSFER_STAGE_ENDED;
}

bool HasAnswered(const jv1::SecurityFile& file, std::string_view authority) {
  const auto handed_on = [&](const jv1::Transfer& transfer) {
    return transfer.seen().stage() == v1::TRANSFER_STAGE_MOVED &&
           authority == transfer.seen().holder();
  };
  return authority == file.holder() ||
         std::any_of(file.transfers().begin(), file.transfers().end(), handed_on);
}

const jv1::Transfer* OpenTransfer(const jv1::SecurityFile& file) {
  return exchange::FindIn(file.transfers(), &IsOpen);
}

bool IsFurther(casework::v1::CaseStage stage, casework::v1::CaseStage than) {
  const auto rank = [](casework::v1::CaseStage of) {
    const auto* const found = std::find(std::begin(kCourse), std::end(kCourse), of);
    return found - std::begin(kCourse);
  };
  return rank(stage) > rank(than);
}

bool IsOver(casework::v1::CaseStage stage) {
  return stage == casework::v1::CASE_STAGE_WITHDRAWN || stage == casework::v1::CASE_STAGE_ENDED ||
         stage == casework::v1::CASE_STAGE_CLOSED;
}

}  // namespace exitbus::police
