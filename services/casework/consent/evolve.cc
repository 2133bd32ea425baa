#include "services/casework/handover/evolve.h"

#include "services/casework/consent/consent.h"
#include "services/casework/handover/rules.h"

namespace exitbus::casework {
namespace {

using google::protobuf::Timestamp;

void MarkBlocked(jv1::SentOnConsent& sent, std::uint64_t receipted_through,
                 const Timestamp& revoked) {
  if (sent.number() > receipted_through && !sent.has_blocked()) *sent.mutable_blocked() = revoked;
}

// What the part brought goes; what this authority has written there itself since stays.
void MoveOut(jv1::CaseFile& file, const hv1::DossierPart& part, const Timestamp& revoked) {
  cv1::Visitation& visitation = *file.mutable_visitation();
  const cv1::Visitation& brought = part.visitation();
  if (visitation.motivation() == brought.motivation()) visitation.clear_motivation();
  if (visitation.health_needs() == brought.health_needs()) visitation.clear_health_needs();
  if (!Same(file.consent().given(), part.consent().given())) return;
  file.mutable_consent()->clear_covers();
  *file.mutable_consent()->mutable_revoked() = revoked;
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
  }
  const auto police = boundaries.find(file.security_id());
  if (police != boundaries.end() && file.has_police_on_consent()) {
    MarkBlocked(*file.mutable_police_on_consent(), police->second, revoked.revoked());
  }
}

void Learn(jv1::CaseFile& file, jv1::Handover& handover, const jv1::RevocationLearnt& learnt) {
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

void TakeInOnConsent(jv1::CaseFile& file, const jv1::ReceivedOnConsent& received) {
  const hv1::DossierPart& part = received.part();
  *file.mutable_consent() = part.consent();
  file.mutable_visitation()->MergeFrom(part.visitation());
  if (received.has_blocked()) MoveOut(file, part, received.blocked());
}

}  // namespace exitbus::casework
