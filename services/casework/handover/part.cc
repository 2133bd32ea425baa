// What each side makes of the other's messages. Order within a correspondence is the engine's
// business, so a stage that a message does not fit is a crossing (both acted at once: a named
// no-op) or a fault (refused by rule, alarmed at the sender).
#include <optional>
#include <string>
#include <utility>

#include "exitbus/exchange/v1/body.pb.h"
#include "services/casework/consent/consent.h"
#include "services/casework/correction/correction.h"
#include "services/casework/erasure/erasure.h"
#include "services/casework/handover/escalation.h"
#include "services/casework/handover/handover.h"
#include "services/casework/handover/letters.h"
#include "services/casework/security/security.h"
#include "services/exchange/standing.h"

namespace exitbus::casework {
namespace {

Decision WrongWay() {
  return Decision::Refuse("letter.wrong_side", "This side of a handover does not send this.");
}

Decision NotAParty() {
  return Decision::Refuse("letter.not_a_party", "The sender is not a party of this handover.");
}

}  // namespace

Decision OutOfTurn() {
  return Decision::Refuse("letter.out_of_turn",
                          "The handover's stage does not allow this message.");
}

void Await(jv1::CaseEvent& event, hv1::Side side, const google::protobuf::Timestamp& due) {
  event.mutable_wait()->set_waiting_for(side);
  *event.mutable_wait()->mutable_due() = due;
}

Decision DecideLetter(const jv1::CaseFile& file, const LetterPlace& place,
                      const exchange::v1::Body& body, const Facts& facts) {
  using Kind = exchange::v1::Body;
  if (file.has_erasure()) return OnLetterToErased(file, place, body, facts);
  if (body.has_erasure_ordered()) {
    return OnErasureOrdered(file, place, body.erasure_ordered(), facts);
  }
  if (body.has_police_clarification_delivered()) {
    return OnClarified(file, place, body.police_clarification_delivered());
  }
  if (body.has_security_picture_changed()) {
    return OnSecurityPicture(file, place, body.security_picture_changed());
  }
  if (body.has_handover_nudged()) return OnNudged(file, place, facts);
  if (body.has_correction_confirmed()) {
    return OnCorrectionConfirmed(file, place, body.correction_confirmed());
  }
  const jv1::Handover* handover = FindHandover(file, place.subject);
  if (handover == nullptr && body.has_handover_requested()) {
    return OnRequested(file, place, body.handover_requested(), facts);
  }
  // It may come from another topic than the request it belongs to; it waits for that.
  if (handover == nullptr) return Decision::Park();
  if (handover->counterpart() != place.sender) return NotAParty();
  const Letter letter{file, *handover, facts, place};
  const bool at_holder = handover->side() == hv1::SIDE_HOLDER;
  switch (body.kind_case()) {
    case Kind::kHandoverRequested:
      return Decision::Refuse("letter.requested_twice", "This handover was requested before.");
    case Kind::kAgreementTermProposed:
      return at_holder ? WrongWay() : OnTermProposed(letter, body.agreement_term_proposed());
    case Kind::kHandoverIdentityReleased:
      return at_holder ? WrongWay() : OnIdentityReleased(letter, body.handover_identity_released());
    case Kind::kHandoverRecalled:
      return at_holder ? WrongWay() : OnRecalled(letter);
    case Kind::kDossierPart:
      return at_holder ? WrongWay() : OnDossierPart(letter, body.dossier_part());
    case Kind::kHandoverOffered:
      return at_holder ? WrongWay() : OnOffered(letter, body.handover_offered());
    case Kind::kRecallRequested:
      return at_holder ? WrongWay() : OnRecallRequested(letter, body.recall_requested());
    case Kind::kHandoverAcknowledged:
      return at_holder ? WrongWay() : OnAcknowledged(letter);
    case Kind::kLateFact:
      return at_holder ? WrongWay() : OnLateFact(letter, body.late_fact());
    case Kind::kAgreementTermObjected:
      return at_holder ? OnTermObjected(letter, body.agreement_term_objected()) : WrongWay();
    case Kind::kAgreementTermAgreed:
      return at_holder ? OnTermAgreed(letter, body.agreement_term_agreed()) : WrongWay();
    case Kind::kHandoverAccepted:
      return at_holder ? OnAccepted(letter) : WrongWay();
    case Kind::kHandoverRejected:
      return at_holder ? OnRejected(letter, body.handover_rejected()) : WrongWay();
    case Kind::kOfferDeclined:
      return at_holder ? OnDeclined(letter, body.offer_declined()) : WrongWay();
    case Kind::kRecallAnswered:
      return at_holder ? OnRecallAnswered(letter, body.recall_answered()) : WrongWay();
    case Kind::kCaseTakenOver:
      return at_holder ? OnTakenOver(letter, body.case_taken_over()) : WrongWay();
    case Kind::kErasureConfirmed:
      return at_holder ? OnErased(letter) : WrongWay();
    case Kind::kHandoverEscalated:
      return OnEscalated(letter);
    case Kind::kConsentRevoked:
      return OnConsentRevoked(letter, body);
    case Kind::kCorrectionIssued:
      return OnCorrectionIssued(letter, body);
    case Kind::kPoliceClarificationDelivered:
    case Kind::kSecurityPictureChanged:
    case Kind::kHandoverNudged:
    case Kind::kCorrectionConfirmed:
    case Kind::kErasureOrdered:  // these five may be from another than this party: answered above
    case Kind::kCaseErasureConfirmed:
    case Kind::kVisitationDecided:
    case Kind::kAgreementSigned:
    case Kind::kCitizenWithdrew:
    case Kind::kPoliceClarificationRequested:
    case Kind::kPrecautionsAcknowledged:
    case Kind::kSecurityAssessmentTransferred:
    case Kind::kKeyAnnounced:
    case Kind::kEvidenceCheckpoint:
    case Kind::KIND_NOT_SET:
      return Decision::Refuse("letter.not_for_this_authority",
                              "This kind of authority is not sent this.");
  }
  return Decision::Refuse("letter.not_for_this_authority",
                          "This kind of message is not known here.");
}

}  // namespace exitbus::casework
