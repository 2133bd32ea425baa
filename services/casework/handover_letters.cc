// What each side makes of the other's messages. Order within a correspondence is the engine's
// business, so a stage that a message does not fit is a crossing (both acted at once: a named
// no-op) or a fault (refused by rule, alarmed at the sender).
#include <string_view>

#include "exitbus/exchange/v1/body.pb.h"
#include "exitbus/exchange/v1/statement.pb.h"
#include "exitbus/policy/v1/policy.pb.h"
#include "services/casework/case_decider.h"
#include "services/casework/case_file.h"
#include "services/casework/dossier.h"
#include "services/casework/handover_decider.h"
#include "services/casework/parties.h"
#include "services/exchange/proto_time.h"

namespace exitbus::casework {
namespace {

using exchange::LetterPlace;
using exchange::RefusedBy;
using exchange::ToProto;

// What a letter's handler sees.
struct Letter {
  const jv1::CaseFile& file;
  const jv1::Handover& handover;
  const Facts& facts;
};

Decision Fault(std::string_view rule, std::string_view why) {
  return Decision::Refuse(RefusedBy(rule, why));
}

Decision WrongWay() {
  return Fault("letter.wrong_side", "This side of a handover does not send this.");
}

// Over for both sides already, whoever was first.
bool HasEnded(const jv1::Handover& handover) {
  return handover.stage() == hv1::HANDOVER_STAGE_REJECTED ||
         handover.stage() == hv1::HANDOVER_STAGE_RECALLED ||
         handover.stage() == hv1::HANDOVER_STAGE_OFFER_DECLINED;
}

bool HasMoved(const jv1::Handover& handover) {
  return handover.stage() == hv1::HANDOVER_STAGE_TAKEN_OVER ||
         handover.stage() == hv1::HANDOVER_STAGE_ACKNOWLEDGED ||
         handover.stage() == hv1::HANDOVER_STAGE_CLOSED;
}

bool IsBeforeOffer(const jv1::Handover& handover) {
  return handover.stage() == hv1::HANDOVER_STAGE_REQUESTED ||
         handover.stage() == hv1::HANDOVER_STAGE_TERMS_COORDINATED ||
         handover.stage() == hv1::HANDOVER_STAGE_ACCEPTED;
}

bool IsBeforeAcceptance(const jv1::Handover& handover) {
  return IsBeforeOffer(handover) && handover.stage() != hv1::HANDOVER_STAGE_ACCEPTED;
}

// What no crossing explains: the other side does not keep to the protocol.
Decision OutOfTurn() {
  return Fault("letter.out_of_turn", "The handover's stage does not allow this message.");
}

void Await(jv1::CaseEvent& event, hv1::Side side, const google::protobuf::Timestamp& due) {
  event.mutable_wait()->set_waiting_for(side);
  *event.mutable_wait()->mutable_due() = due;
}

// ---- at the receiver
// The number an offer names, whoever signed it.
std::uint64_t NumberOf(const std::string& offer) {
  exchange::v1::SignedStatement outer;
  exchange::v1::Statement statement;
  return outer.ParseFromString(offer) && statement.ParseFromString(outer.statement())
             ? statement.offer().number()
             : 0;
}

// -----------------------------------------------------------------------------

Decision OnRequested(const LetterPlace& place, const hv1::HandoverRequested& told) {
  jv1::CaseEvent event;
  event.set_handover_id(place.subject);
  jv1::HandoverBegun& begun = *event.mutable_handover_begun();
  begun.set_side(hv1::SIDE_RECEIVER);
  begun.set_counterpart(place.sender);
  begun.set_reason(told.reason());
  *begun.mutable_expected() = told.expected();
  *begun.mutable_needs() = told.needs();
  Await(event, hv1::SIDE_RECEIVER, told.due());
  return Decision().Happened(event);
}

Decision OnTermProposed(const Letter& letter, const hv1::AgreementTermProposed& told) {
  if (HasEnded(letter.handover)) return Decision::NoEffect("term_crossed_end");
  if (!IsBeforeOffer(letter.handover)) return OutOfTurn();
  jv1::CaseEvent event = EventOf(letter.handover);
  event.mutable_terms_proposed()->set_agreement_version(told.agreement_version());
  if (told.dropped()) {
    event.mutable_terms_proposed()->add_dropped_term_ids(told.term().term_id());
  } else {
    *event.mutable_terms_proposed()->add_terms() = told.term();
  }
  Await(event, hv1::SIDE_RECEIVER, told.due());
  return Decision().Happened(event);
}

Decision OnIdentityReleased(const Letter& letter, const hv1::HandoverIdentityReleased& told) {
  if (HasEnded(letter.handover)) return Decision::NoEffect("identity_crossed_end");
  if (letter.handover.stage() != hv1::HANDOVER_STAGE_ACCEPTED) return OutOfTurn();
  jv1::CaseEvent event = EventOf(letter.handover);
  jv1::IdentityLearnt& learnt = *event.mutable_identity_learnt();
  learnt.set_case_id(told.case_id());
  *learnt.mutable_person() = told.person();
  learnt.set_current_address(told.current_address());
  return Decision().Happened(event);
}

Decision OnRecalled(const Letter& letter) {
  if (HasEnded(letter.handover)) return Decision::NoEffect("recall_crossed_rejection");
  if (!IsBeforeOffer(letter.handover)) return OutOfTurn();  // an offer is not recalled alone
  jv1::CaseEvent event = EventOf(letter.handover);
  event.mutable_recalled();
  WaitForNobody(event);
  Decision decision;
  decision.Happened(event);
  EraseAndConfirm(letter.file, letter.handover, letter.facts, decision);
  return decision;
}

Decision OnDossierPart(const Letter& letter, const hv1::DossierPart& told) {
  if (HasEnded(letter.handover)) return Decision::NoEffect("dossier_crossed_end");
  if (letter.handover.stage() != hv1::HANDOVER_STAGE_ACCEPTED) return OutOfTurn();
  jv1::CaseEvent event = EventOf(letter.handover);
  *event.mutable_dossier_part_received()->mutable_part() = told;
  return Decision().Happened(event);
}

// An offer must never stay unanswered, or the holder could neither offer nor recall again: one that
// meets a rejection under way, and one that cannot be taken, is declined in the same transaction.
Decision OnOffered(const Letter& letter, const hv1::HandoverOffered& told) {
  if (letter.handover.stage() == hv1::HANDOVER_STAGE_OFFERED || HasMoved(letter.handover)) {
    return OutOfTurn();
  }
  const std::uint64_t number = NumberOf(told.offer());
  hv1::OfferDeclined declined;
  declined.set_number(number);
  declined.set_rejection(letter.handover.rejection());
  if (HasEnded(letter.handover)) {
    return Decision::NoEffect("offer_crossed_rejection")
        .Tell(SpeakingAs(letter.handover), CounterpartOf(letter.file, letter.handover), declined);
  }
  const auto statement =
      letter.facts.statements->Verified(told.offer(), letter.handover.counterpart());
  if (letter.handover.stage() != hv1::HANDOVER_STAGE_ACCEPTED || !statement ||
      !IsOfferFor(told, letter.file, letter.handover, letter.facts)) {
    jv1::CaseEvent event = EventOf(letter.handover);
    event.mutable_declined();
    WaitForNobody(event);
    Decision decision;
    decision.Happened(event).Tell(SpeakingAs(letter.handover),
                                  CounterpartOf(letter.file, letter.handover), declined);
    EraseAndConfirm(letter.file, letter.handover, letter.facts, decision);
    return decision;
  }
  jv1::CaseEvent event = EventOf(letter.handover);
  jv1::Offered& offered = *event.mutable_offered();
  offered.set_offer(told.offer());
  *offered.mutable_slips() = told.slips();
  offered.set_number(statement->offer().number());
  *offered.mutable_earliest() = statement->offer().earliest();
  Await(event, hv1::SIDE_RECEIVER, told.due());
  return Decision().Happened(event);
}

Decision OnRecallRequested(const Letter& letter, const hv1::RecallRequested& told) {
  if (HasMoved(letter.handover)) return Decision::NoEffect("recall_request_crossed_take_over");
  if (HasEnded(letter.handover)) return Decision::NoEffect("recall_request_crossed_decline");
  if (letter.handover.stage() != hv1::HANDOVER_STAGE_OFFERED) return OutOfTurn();
  jv1::CaseEvent event = EventOf(letter.handover);
  event.mutable_recall_asked();
  Await(event, hv1::SIDE_RECEIVER, told.due());
  return Decision().Happened(event);
}

Decision OnAcknowledged(const Letter& letter) {
  if (letter.handover.stage() != hv1::HANDOVER_STAGE_TAKEN_OVER) return OutOfTurn();
  jv1::CaseEvent event = EventOf(letter.handover);
  event.mutable_acknowledged();
  WaitForNobody(event);
  return Decision().Happened(event);
}

Decision OnLateFact(const Letter& letter, const hv1::LateFact& told) {
  if (HasEnded(letter.handover)) return Decision::NoEffect("late_fact_crossed_end");
  if (IsBeforeAcceptance(letter.handover)) return OutOfTurn();
  jv1::CaseEvent event = EventOf(letter.handover);
  *event.mutable_late_fact_learnt()->mutable_fact() = told;
  Decision decision;
  decision.Happened(event);
  if (letter.file.standing() == cv1::STANDING_RESPONSIBLE) {
    ActOnLateFact(letter.file, told, letter.facts, decision);
  }
  // Handed on since: whoever we gave the case to has to know.
  if (letter.file.standing() == cv1::STANDING_FORMER) {
    for (const jv1::Handover& onward : letter.file.handovers()) {
      if (onward.side() == hv1::SIDE_HOLDER && HasMoved(onward)) {
        decision.Tell(SpeakingAs(onward), CounterpartOf(letter.file, onward), told);
      }
    }
  }
  return decision;
}

// ---- at the holder
// -------------------------------------------------------------------------------

Decision OnTermObjected(const Letter& letter, const hv1::AgreementTermObjected& told) {
  if (HasEnded(letter.handover)) return Decision::NoEffect("objection_crossed_end");
  if (letter.handover.stage() == hv1::HANDOVER_STAGE_OFFERED) {
    return Decision::NoEffect("objection_crossed_offer");
  }
  if (!IsBeforeOffer(letter.handover)) return OutOfTurn();
  if (told.agreement_version() != letter.handover.agreement_version()) {
    return Decision::NoEffect("objection_to_older_version");
  }
  jv1::CaseEvent event = EventOf(letter.handover);
  event.mutable_term_objected()->set_term_id(told.term_id());
  event.mutable_term_objected()->set_objection(told.objection());
  WaitFor(event, hv1::SIDE_HOLDER, letter.facts.deadline_days.terms, letter.facts);
  return Decision().Happened(event);
}

Decision OnTermAgreed(const Letter& letter, const hv1::AgreementTermAgreed& told) {
  if (HasEnded(letter.handover)) return Decision::NoEffect("agreement_crossed_end");
  if (letter.handover.stage() == hv1::HANDOVER_STAGE_OFFERED) {
    return Decision::NoEffect("agreement_crossed_offer");
  }
  if (!IsBeforeOffer(letter.handover)) return OutOfTurn();
  if (told.agreement_version() != letter.handover.agreement_version()) {
    return Decision::NoEffect("agreement_to_older_version");
  }
  jv1::CaseEvent event = EventOf(letter.handover);
  event.mutable_term_agreed()->set_term_id(told.term_id());
  return Decision().Happened(event);
}

Decision OnAccepted(const Letter& letter) {
  if (HasEnded(letter.handover)) return Decision::NoEffect("recall_crossed_acceptance");
  if (!IsBeforeAcceptance(letter.handover)) return OutOfTurn();
  jv1::CaseEvent event = EventOf(letter.handover);
  event.mutable_accepted();
  WaitForNobody(event);
  jv1::CaseFile after = letter.file;
  Evolve(after, event);
  const jv1::Handover& accepted = *FindHandover(after, letter.handover.handover_id());
  hv1::HandoverIdentityReleased told;
  told.set_case_id(letter.file.case_id());
  *told.mutable_person() = letter.file.person();
  told.set_current_address(letter.file.current_address());
  exchange::Party to = CounterpartOf(after, accepted);
  to.legal_basis = StatutoryBasis(letter.file, letter.facts);
  return Decision().Happened(event).Tell(SpeakingAs(accepted), to, told);
}

Decision OnRejected(const Letter& letter, const hv1::HandoverRejected& told) {
  if (HasEnded(letter.handover)) return Decision::NoEffect("rejection_crossed_recall");
  if (letter.handover.stage() == hv1::HANDOVER_STAGE_OFFERED) {
    // The receiver had not seen the offer; it will decline it by its number.
    return Decision::NoEffect("rejection_crossed_offer");
  }
  if (!IsBeforeOffer(letter.handover)) return OutOfTurn();  // responsibility has moved
  jv1::CaseEvent event = EventOf(letter.handover);
  event.mutable_rejected()->set_rejection(told.rejection());
  WaitForNobody(event);
  return Decision().Happened(event);
}

// The holder keeps the case, and acts on what it learnt while it was offered.
Decision OnDeclined(const Letter& letter, const hv1::OfferDeclined& told) {
  if (letter.handover.stage() != hv1::HANDOVER_STAGE_OFFERED ||
      told.number() != letter.handover.offered_number()) {
    return Fault("letter.declined_unoffered", "No offer of this number stands.");
  }
  jv1::CaseEvent event = EventOf(letter.handover);
  event.mutable_declined()->set_rejection(told.rejection());
  WaitForNobody(event);
  Decision decision;
  decision.Happened(event);
  for (const hv1::LateFact& fact : letter.handover.late_facts()) {
    ActOnLateFact(letter.file, fact, letter.facts, decision);
  }
  return decision;
}

Decision OnRecallAnswered(const Letter& letter, const hv1::RecallAnswered& told) {
  if (told.granted()) return Decision::NoEffect("recall_granted");  // OfferDeclined follows
  if (letter.handover.stage() != hv1::HANDOVER_STAGE_OFFERED) {
    return Decision::NoEffect("recall_answer_crossed_end");
  }
  jv1::CaseEvent event = EventOf(letter.handover);
  event.mutable_recall_refused();
  WaitFor(event, hv1::SIDE_RECEIVER, letter.facts.deadline_days.offer, letter.facts);
  return Decision().Happened(event);
}

// Responsibility has moved at the receiver; here it is recorded, with the receiver's instant.
Decision OnTakenOver(const Letter& letter, const hv1::CaseTakenOver& told) {
  const jv1::Handover& handover = letter.handover;
  const auto statement =
      letter.facts.statements->Verified(told.take_over(), handover.counterpart());
  if (!statement || !statement->has_take_over()) {
    return Fault("take_over.not_signed_by_receiver", "The take-over's signature does not verify.");
  }
  const exchange::v1::TakeOver& said = statement->take_over();
  if (handover.stage() != hv1::HANDOVER_STAGE_OFFERED ||
      said.number() != handover.offered_number() || said.case_id() != letter.file.case_id() ||
      said.receiver() != handover.counterpart() ||
      said.offer_digest() != OfferDigest(handover.offer(), letter.facts)) {
    return Fault("take_over.not_as_offered", "No standing offer matches this take-over.");
  }
  jv1::CaseEvent event = EventOf(handover);
  jv1::TakenOver& taken_over = *event.mutable_taken_over();
  taken_over.set_take_over(told.take_over());
  taken_over.set_number(said.number());
  taken_over.set_receiver(said.receiver());
  *taken_over.mutable_instant() = said.instant();
  Await(event, hv1::SIDE_HOLDER, told.due());
  return Decision().Happened(event);
}

Decision OnErased(const Letter& letter) {
  // Confirmed after an end; while OFFERED, by a receiver whose rejection crossed the offer.
  if (IsBeforeOffer(letter.handover) || HasMoved(letter.handover)) return OutOfTurn();
  jv1::CaseEvent event = EventOf(letter.handover);
  event.mutable_peer_erased();
  return Decision().Happened(event);
}

// ---- either side
// ---------------------------------------------------------------------------------

Decision OnEscalated(const Letter& letter) {
  if (letter.handover.escalated() || letter.handover.waiting_for() == hv1::SIDE_UNSPECIFIED) {
    return Decision::NoEffect("escalation_known_or_over");
  }
  jv1::CaseEvent event = EventOf(letter.handover);
  event.mutable_escalated();
  return Decision().Happened(event);
}

}  // namespace

Decision DecideLetter(const jv1::CaseFile& file, const LetterPlace& place,
                      const exchange::v1::Body& body, const Facts& facts) {
  using Kind = exchange::v1::Body;
  const jv1::Handover* handover = FindHandover(file, place.subject);
  if (handover == nullptr) {
    // It may come from another topic than the request it belongs to; it waits for that.
    return body.kind_case() == Kind::kHandoverRequested
               ? OnRequested(place, body.handover_requested())
               : Decision::Park();
  }
  if (handover->counterpart() != place.sender) {
    return Fault("letter.not_a_party", "The sender is not a party of this handover.");
  }
  const Letter letter{file, *handover, facts};
  const bool at_holder = handover->side() == hv1::SIDE_HOLDER;
  switch (body.kind_case()) {
    case Kind::kHandoverRequested:
      return Fault("letter.requested_twice", "This handover was requested before.");
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
    case Kind::kVisitationDecided:
    case Kind::kAgreementSigned:
    case Kind::kCitizenWithdrew:
    case Kind::KIND_NOT_SET:
      return Fault("letter.not_for_this_authority", "This kind of authority is not sent this.");
  }
  return Fault("letter.not_for_this_authority", "This kind of message is not known here.");
}

Decision DecideDeadline(const jv1::CaseFile& file, std::string_view handover_id,
                        const Facts& facts) {
  const jv1::Handover* handover = FindHandover(file, handover_id);
  if (handover == nullptr || handover->escalated() ||
      handover->waiting_for() == hv1::SIDE_UNSPECIFIED ||
      exchange::FromProto(handover->due()) > facts.now) {
    return Decision::NoEffect("deadline_over");
  }
  jv1::CaseEvent event = EventOf(*handover);
  event.mutable_escalated();
  Decision decision;
  decision.Happened(event);
  if (handover->side() != handover->waiting_for()) {  // the side that waits says so
    hv1::HandoverEscalated told;
    told.set_waiting_for(handover->waiting_for());
    *told.mutable_due() = handover->due();
    decision.Tell(SpeakingAs(*handover), CounterpartOf(file, *handover), told);
  }
  return decision;
}

}  // namespace exitbus::casework
