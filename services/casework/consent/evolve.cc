#include "services/casework/handover/evolve.h"

#include "services/casework/consent/consent.h"
#include "services/casework/documents/documents.h"
#include "services/casework/handover/rules.h"

namespace exitbus::casework {
namespace {

using google::protobuf::Timestamp;

void MarkBlocked(jv1::SentOnConsent& sent, std::uint64_t receipted_through,
                 const Timestamp& revoked) {
  if (sent.number() > receipted_through && !sent.has_blocked()) *sent.mutable_blocked() = revoked;
}

void Give(jv1::CaseFile& file, const jv1::ConsentGiven& given) {
  *file.mutable_consent() = given.consent();
}

void Revoke(jv1::CaseFile& file, const jv1::ConsentRevoked& revoked) {
  *file.mutable_consent()->mutable_revoked() = revoked.revoked();
  *file.mutable_last_revoked() = revoked.revoked();
  const auto& boundaries = revoked.receipted_through();
  for (jv1::Handover& handover : *file.mutable_handovers()) {
    const auto boundary = boundaries.find(handover.handover_id());
    if (boundary == boundaries.end()) continue;
    for (jv1::SentOnConsent& sent : *handover.mutable_sent_on_consent()) {
      MarkBlocked(sent, boundary->second, revoked.revoked());
    }
    if (handover.side() == hv1::SIDE_HOLDER && handover.has_identity_on_consent()) {
      jv1::SentOnConsent& identity = *handover.mutable_identity_on_consent();
      MarkBlocked(identity, boundary->second, revoked.revoked());
      if (identity.has_blocked()) handover.set_identity_released(false);
    }
  }
  const auto police = boundaries.find(file.security_id());
  if (police != boundaries.end() && file.has_police_on_consent()) {
    MarkBlocked(*file.mutable_police_on_consent(), police->second, revoked.revoked());
  }
}

// Who it is has not been told any more. Once the case is taken over, it is who that authority
// answers for.
void ForgetIdentity(jv1::CaseFile& file, jv1::Handover& handover,
                    const jv1::RevocationLearnt& learnt) {
  if (!handover.has_identity_on_consent() || HasMoved(handover)) return;
  jv1::SentOnConsent& identity = *handover.mutable_identity_on_consent();
  MarkBlocked(identity, learnt.receipted_through(), learnt.revoked());
  if (!identity.has_blocked()) return;
  file.clear_case_id();
  file.clear_person();
  file.clear_current_address();
  file.clear_handlekommune();
}

void Learn(jv1::CaseFile& file, jv1::Handover& handover, const jv1::RevocationLearnt& learnt) {
  ForgetIdentity(file, handover, learnt);
  for (jv1::ReceivedOnConsent& received : *handover.mutable_received_on_consent()) {
    if (!IsNewTo(received, learnt.given())) continue;
    if (received.number() > learnt.receipted_through()) {
      *received.mutable_blocked() = learnt.revoked();
      if (HasMoved(handover)) MoveOut(file, received.part(), learnt.revoked());
    } else {
      *received.mutable_part()->mutable_consent()->mutable_revoked() = learnt.revoked();
      if (HasMoved(handover) && Same(file.consent().given(), learnt.given())) {
        *file.mutable_consent()->mutable_revoked() = learnt.revoked();
      }
    }
  }
}

}  // namespace

CasePart ConsentEvents() {
  CasePart part;
  part.After(&Give).After(&Revoke).After(OfHandover(&Learn));
  return part;
}

void MoveOut(jv1::CaseFile& file, const hv1::DossierPart& part, const Timestamp& revoked) {
  cv1::Visitation& visitation = *file.mutable_visitation();
  const cv1::Visitation& brought = part.visitation();
  if (visitation.motivation() == brought.motivation()) visitation.clear_motivation();
  if (visitation.health_needs() == brought.health_needs()) visitation.clear_health_needs();
  MoveOutDocuments(part, file);
  if (!Same(file.consent().given(), part.consent().given())) return;
  file.mutable_consent()->clear_covers();
  *file.mutable_consent()->mutable_revoked() = revoked;
}

}  // namespace exitbus::casework
