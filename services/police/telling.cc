#include "services/police/telling.h"

#include "exitbus/casework/v1/erasure.pb.h"
#include "exitbus/police/v1/messages.pb.h"
#include "exitbus/policy/v1/policy.pb.h"
#include "services/exchange/obligation.h"
#include "services/exchange/ports/directory.h"
#include "services/exchange/proto_time.h"
#include "services/exchange/working_days.h"
#include "services/police/security_file.h"
#include "services/readiness/contacts.h"

namespace exitbus::police {
namespace {

namespace jv1 = police_journal::v1;
namespace pv1 = policy::v1;
using exchange::Decision;
using exchange::DecisionContext;
using exchange::ToProto;

exchange::Party PartyOf(const std::string& authority, pv1::Relation relation,
                        const std::string& subject) {
  return {authority, relation, subject, {}, pv1::LEGAL_BASIS_UNSPECIFIED, pv1::PURPOSE_SECURITY};
}

void NotifyPicture(const jv1::SecurityFile& file, pv1::Relation as, const exchange::Party& to,
                   const DecisionContext& context, Decision& decision) {
  if (!file.has_assessment()) return;
  v1::SecurityPictureChanged message;
  casework::v1::SecurityPicture& picture = *message.mutable_picture();
  picture.set_version(file.assessment().version());
  picture.set_threat_level(file.assessment().threat_level());
  *picture.mutable_precautions() = file.assessment().precautions();
  const absl::Time due = context.now + exchange::kWithinTheHour;
  *picture.mutable_due() = ToProto(due);
  jv1::SecurityEvent event;
  jv1::PrecautionsSent& sent = *event.mutable_precautions_sent();
  sent.set_version(picture.version());
  exchange::Owe(to, due, *sent.mutable_owed());
  for (const readiness::v1::Contact& contact :
       readiness::ContactsFor(to.authority, readiness::v1::CONTACT_PURPOSE_PRECAUTIONS, context)) {
    *sent.add_call() = contact;
  }
  decision.AddEvent(event).Notify(as, to, message);
}

}  // namespace

exchange::Party HolderOf(const jv1::SecurityFile& file, const DecisionContext& context) {
  return InCharge(file.holder(), file.security_id(), context);
}

exchange::Party InCharge(const std::string& authority, const std::string& subject,
                         const DecisionContext& context) {
  exchange::Party holder = PartyOf(authority, pv1::RELATION_HOLDER, subject);
  const auto listed = context.directory->Find(authority);
  if (listed && listed->kind == pv1::AUTHORITY_KIND_KRIMINALFORSORGEN) {
    holder.satisfied.Add(pv1::CONDITION_SUPERVISION_OR_CUSTODY);  // it answers for the person there
  }
  return holder;
}

exchange::Party ReceiverOf(const jv1::Transfer& transfer) {
  exchange::Party receiver =
      PartyOf(transfer.seen().receiver(), pv1::RELATION_RECEIVER, transfer.seen().handover_id());
  receiver.satisfied.Add(pv1::CONDITION_AFTER_ACCEPTANCE);
  return receiver;
}

exchange::Party OtherUnit(const jv1::Transfer& transfer, pv1::Relation as) {
  return PartyOf(transfer.seen().counterpart(), as, transfer.seen().handover_id());
}

void NotifyConclusions(const jv1::SecurityFile& file, const DecisionContext& context,
                       Decision& decision) {
  if (!file.has_assessment()) return;
  v1::PoliceClarificationDelivered message;
  casework::v1::PoliceClarification& clarification = *message.mutable_clarification();
  clarification.set_version(file.assessment().version());
  clarification.set_conclusions(file.assessment().conclusions());
  clarification.set_crime_picture(file.assessment().crime_picture());
  *clarification.mutable_intentions() = file.assessment().intentions();
  clarification.set_intentions_in_words(file.assessment().intentions_in_words());
  clarification.set_may_be_shown(file.assessment().may_be_shown());
  decision.Notify(pv1::RELATION_POLICE, HolderOf(file, context), message);
}

void NotifyPrecautions(const jv1::SecurityFile& file, const DecisionContext& context,
                       Decision& decision) {
  NotifyPicture(file, pv1::RELATION_POLICE, HolderOf(file, context), context, decision);
}

void NotifyReceiver(const jv1::SecurityFile& file, const jv1::Transfer& transfer,
                    const DecisionContext& context, Decision& decision) {
  NotifyPicture(file, pv1::RELATION_RECEIVING_POLICE, ReceiverOf(transfer), context, decision);
}

void Transfer(const jv1::SecurityFile& file, const jv1::Transfer& transfer, Decision& decision) {
  v1::SecurityAssessmentTransferred message;
  *message.mutable_person() = file.person();
  message.set_current_address(file.current_address());
  if (file.has_assessment()) *message.mutable_assessment() = file.assessment();
  // What every version knows; where it stands exactly, the new holder tells at its take-over.
  message.set_stage(IsOver(file.stage()) ? casework::v1::CASE_STAGE_WITHDRAWN
                    : file.stage() == casework::v1::CASE_STAGE_ACTIVE
                        ? casework::v1::CASE_STAGE_ENROLLED
                        : file.stage());
  exchange::Party to = OtherUnit(transfer, pv1::RELATION_RECEIVING_POLICE);
  to.satisfied.Add(pv1::CONDITION_AFTER_ACCEPTANCE);
  to.satisfied.Add(pv1::CONDITION_SECURITY_TRANSFERRED);  // by this very message
  jv1::SecurityEvent event;
  event.mutable_assessment_sent()->set_handover_id(transfer.seen().handover_id());
  event.mutable_assessment_sent()->set_version(file.assessment().version());
  decision.AddEvent(event).Notify(pv1::RELATION_POLICE, to, message);
}

void EraseAndConfirm(const jv1::Transfer& transfer, const DecisionContext& context,
                     Decision& decision) {
  jv1::SecurityEvent event;
  event.mutable_erased();
  decision.AddEvent(event).EraseReceived();
  if (transfer.seen().counterpart().empty()) return;
  casework::v1::ErasureConfirmed message;
  *message.mutable_erased() = ToProto(context.now);
  decision.Notify(pv1::RELATION_RECEIVING_POLICE, OtherUnit(transfer, pv1::RELATION_POLICE),
                  message);
}

void OweErasure(const jv1::Transfer& transfer, const DecisionContext& context,
                jv1::TransferEnded& ended) {
  exchange::Owe(OtherUnit(transfer, pv1::RELATION_RECEIVING_POLICE),
                exchange::AddWorkingDays(context.now, context.deadline_days.erasure),
                *ended.mutable_erasure_owed());
}

}  // namespace exitbus::police
