// What the contact point makes of the letters it gets: from the holder and the receiver of a
// handover, under the contact point's own id of it, in any order between the two.
#include <utility>

#include "exitbus/exchange/v1/body.pb.h"
#include "exitbus/exchange/v1/statement.pb.h"
#include "services/contact_point/desk.h"
#include "services/exchange/erasure.h"
#include "services/exchange/proto_time.h"
#include "services/exchange/slips.h"

namespace exitbus::contact_point {
namespace {

using exchange::Decision;
using exchange::Facts;
using exchange::LetterPlace;

constexpr exchange::AsEvent kAsEvent = &exchange::ErasureAs<jv1::FollowedEvent>;

Decision NotAParty() {
  return Decision::Refuse("letter.not_a_party", "The sender is not a party of this handover.");
}

jv1::FollowedEvent Begun(const LetterPlace& place, const std::string& holder,
                         const std::string& receiver) {
  jv1::FollowedEvent event;
  event.mutable_begun()->set_contact_id(place.subject);
  event.mutable_begun()->set_holder(holder);
  event.mutable_begun()->set_receiver(receiver);
  return event;
}

// Within a district this is the first that is heard of the handover.
Decision OnEscalated(const jv1::Followed& followed, const LetterPlace& place,
                     const handover::v1::HandoverEscalated& told, const Facts& facts) {
  const bool known = !followed.contact_id().empty();
  const std::string& holder = known ? followed.holder() : told.holder();
  const std::string& receiver = known ? followed.receiver() : told.receiver();
  if (place.sender != holder && place.sender != receiver) return NotAParty();
  const v1::Escalation* last = followed.escalations().empty()
                                   ? nullptr
                                   : &followed.escalations(followed.escalations_size() - 1);
  Decision decision;
  jv1::FollowedEvent event;
  if (told.has_answered()) {
    if (last == nullptr || last->has_answered()) return Decision::NoEffect("answer_known_or_over");
    *event.mutable_answered()->mutable_answered() = told.answered();
    return decision.Happened(event);
  }
  if (last != nullptr && !last->has_answered()) {
    // The next wait's other side is quicker to tell than the last one's: that one has an answer.
    *event.mutable_answered()->mutable_answered() = exchange::ToProto(facts.now);
    decision.Happened(event);
  }
  if (!known) decision.Happened(Begun(place, holder, receiver));
  jv1::Escalated& escalated = *event.mutable_escalated();
  escalated.set_waiting_for(told.waiting_for());
  *escalated.mutable_due() = told.due();
  *escalated.mutable_escalated() = exchange::ToProto(facts.now);
  return decision.Happened(event);
}

Decision OnEnded(const jv1::Followed& followed, bool allowed, const Facts& facts) {
  if (!allowed) return NotAParty();
  if (followed.stage() != v1::FOLLOWED_STAGE_OPEN) return Decision::NoEffect("end_known_or_over");
  jv1::FollowedEvent event;
  *event.mutable_ended()->mutable_ended() = exchange::ToProto(facts.now);
  return Decision().Happened(event);
}

Decision OnTakenOver(const jv1::Followed& followed, const LetterPlace& place,
                     const handover::v1::CaseTakenOver& told, const Facts& facts) {
  if (followed.stage() != v1::FOLLOWED_STAGE_OPEN) {
    return Decision::Refuse("letter.out_of_turn",
                            "This handover is over; nothing can be taken over by it.");
  }
  auto checked =
      exchange::CheckSlip(told.slip(), told.number(), {followed.holder(), {}}, place, facts);
  if (auto* instead = std::get_if<Decision>(&checked)) return std::move(*instead);
  jv1::FollowedEvent event;
  *event.mutable_taken_over()->mutable_instant() = told.instant();
  event.mutable_taken_over()->set_slip(told.slip());
  return Decision().Happened(event);
}

// The holder, as who asked for the handover; the receiver, once its slip has shown that it took the
// case over. Whoever is only asked, or came to nothing, has nothing erased.
Decision OnErasureOrdered(const jv1::Followed& followed, const LetterPlace& place,
                          const casework::v1::ErasureOrdered& order, const Facts& facts) {
  const bool known = !followed.contact_id().empty();
  const bool has_it = followed.stage() == v1::FOLLOWED_STAGE_TAKEN_OVER;
  if (known && place.sender != followed.holder()) {
    if (place.sender != followed.receiver()) return NotAParty();
    if (followed.stage() == v1::FOLLOWED_STAGE_OPEN) return Decision::Park();
    if (!has_it) {
      return Decision::Refuse("erasure.not_the_holder",
                              "Only who answers for the case orders that it be erased.");
    }
  }
  exchange::Holding holding;
  holding.keys = {LetterKey(place.subject)};
  return exchange::EraseAsOrdered(holding, place, order, facts, kAsEvent);
}

}  // namespace

Decision DecideLetter(const jv1::Followed& followed, const LetterPlace& place,
                      const exchange::v1::Body& body, const Facts& facts) {
  using Kind = exchange::v1::Body;
  if (followed.has_erasure()) {
    return exchange::DecideErased(followed.erasure(), place, LetterKey(place.subject), body, facts,
                                  kAsEvent);
  }
  const bool known = !followed.contact_id().empty();
  const bool from_holder = place.sender == followed.holder();
  const bool from_receiver = place.sender == followed.receiver();
  switch (body.kind_case()) {
    case Kind::kHandoverRequested:
      return known ? Decision::NoEffect("handover_known")
                   : Decision().Happened(
                         Begun(place, place.sender, body.handover_requested().receiver()));
    case Kind::kHandoverEscalated:
      return OnEscalated(followed, place, body.handover_escalated(), facts);
    case Kind::kHandoverRejected:
    case Kind::kOfferDeclined:
      return known ? OnEnded(followed, from_receiver, facts) : Decision::Park();
    case Kind::kHandoverRecalled:
      return known ? OnEnded(followed, from_holder, facts) : Decision::Park();
    case Kind::kCaseTakenOver:
      return known ? OnTakenOver(followed, place, body.case_taken_over(), facts) : Decision::Park();
    case Kind::kErasureOrdered:
      return OnErasureOrdered(followed, place, body.erasure_ordered(), facts);
    case Kind::kAgreementTermProposed:
    case Kind::kAgreementTermObjected:
    case Kind::kAgreementTermAgreed:
    case Kind::kHandoverAccepted:
    case Kind::kHandoverIdentityReleased:
    case Kind::kDossierPart:
    case Kind::kHandoverOffered:
    case Kind::kRecallRequested:
    case Kind::kRecallAnswered:
    case Kind::kHandoverAcknowledged:
    case Kind::kLateFact:
    case Kind::kHandoverNudged:
    case Kind::kErasureConfirmed:
    case Kind::kVisitationDecided:
    case Kind::kAgreementSigned:
    case Kind::kCitizenWithdrew:
    case Kind::kPoliceClarificationRequested:
    case Kind::kPoliceClarificationDelivered:
    case Kind::kSecurityPictureChanged:
    case Kind::kPrecautionsAcknowledged:
    case Kind::kSecurityAssessmentTransferred:
    case Kind::kCorrectionIssued:
    case Kind::kCorrectionConfirmed:
    case Kind::kConsentRevoked:
    case Kind::kKeyAnnounced:
    case Kind::kEvidenceCheckpoint:
    case Kind::kCaseErasureConfirmed:
    case Kind::KIND_NOT_SET:
      return Decision::Refuse("letter.not_for_this_authority",
                              "The contact point is not sent this.");
  }
  return Decision::Refuse("letter.not_for_this_authority",
                          "This kind of message is not known here.");
}

}  // namespace exitbus::contact_point
