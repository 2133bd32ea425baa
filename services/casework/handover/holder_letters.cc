#include "exitbus/exchange/v1/statement.pb.h"
#include "services/casework/addresses.h"
#include "services/casework/handover/dossier.h"
#include "services/casework/handover/handover.h"
#include "services/casework/handover/letters.h"
#include "services/casework/handover/rules.h"
#include "services/casework/release/release.h"
#include "services/exchange/proto_time.h"

namespace exitbus::casework {
namespace {

// The holder has to tell the receiver who it is, which ReleaseIdentity does with this decision
// where there is a basis.
void WaitForIdentity(jv1::CaseEvent& event, const DecisionContext& context) {
  WaitFor(event, hv1::SIDE_HOLDER, context.deadline_days.terms, context);
}

Decision OnTermObjected(const PartyLetter& letter, const hv1::AgreementTermObjected& message) {
  if (HasEnded(letter.handover)) return Decision::NoEffect("objection_crossed_end");
  if (letter.handover.stage() == hv1::HANDOVER_STAGE_OFFERED) {
    return Decision::NoEffect("objection_crossed_offer");
  }
  if (!IsBeforeOffer(letter.handover)) return OutOfTurn();
  if (message.agreement_version() != letter.handover.agreement_version()) {
    return Decision::NoEffect("objection_to_older_version");
  }
  jv1::CaseEvent event = EventOf(letter.handover);
  event.mutable_term_objected()->set_term_id(message.term_id());
  event.mutable_term_objected()->set_objection(message.objection());
  WaitFor(event, hv1::SIDE_HOLDER, letter.context.deadline_days.terms, letter.context);
  return Decision().AddEvent(event);
}

Decision OnTermAgreed(const PartyLetter& letter, const hv1::AgreementTermAgreed& message) {
  if (HasEnded(letter.handover)) return Decision::NoEffect("agreement_crossed_end");
  if (letter.handover.stage() == hv1::HANDOVER_STAGE_OFFERED) {
    return Decision::NoEffect("agreement_crossed_offer");
  }
  if (!IsBeforeOffer(letter.handover)) return OutOfTurn();
  if (message.agreement_version() != letter.handover.agreement_version()) {
    return Decision::NoEffect("agreement_to_older_version");
  }
  jv1::CaseEvent event = EventOf(letter.handover);
  jv1::Handover after = letter.handover;
  AgreeTerm(event, after, message.term_id(), letter.context);
  if (KnowsBeforeAccepting(after)) WaitForIdentity(event, letter.context);
  return Decision().AddEvent(event);
}

Decision OnAccepted(const PartyLetter& letter, const hv1::HandoverAccepted&) {
  if (HasEnded(letter.handover)) return Decision::NoEffect("recall_crossed_acceptance");
  if (!IsBeforeAcceptance(letter.handover)) return OutOfTurn();
  jv1::CaseEvent event = EventOf(letter.handover);
  event.mutable_accepted();
  // Else new ones crossed it.
  if (AllTermsAgreed(letter.handover)) WaitForIdentity(event, letter.context);
  return Decision().AddEvent(event);
}

Decision OnRecallAnswered(const PartyLetter& letter, const hv1::RecallAnswered& message) {
  if (message.returned_number() != 0) return OnOfferReturned(letter, message.returned_number());
  if (message.granted()) return Decision::NoEffect("recall_granted");  // OfferDeclined follows
  if (letter.handover.stage() != hv1::HANDOVER_STAGE_OFFERED) {
    return Decision::NoEffect("recall_answer_crossed_end");
  }
  jv1::CaseEvent event = EventOf(letter.handover);
  event.mutable_recall_refused();
  WaitForAnswerToOffer(event, exchange::FromProto(letter.handover.earliest()), letter.context);
  return Decision().AddEvent(event);
}

// Responsibility has moved at the receiver; here it is recorded, with the receiver's instant.
Decision OnTakenOver(const PartyLetter& letter, const hv1::CaseTakenOver& message) {
  const jv1::Handover& handover = letter.handover;
  const auto statement =
      letter.context.statements->Verified(message.take_over(), handover.counterpart());
  if (!statement || !statement->has_take_over()) {
    return Decision::Refuse("take_over.not_signed_by_receiver",
                            "The take-over's signature does not verify.");
  }
  const exchange::v1::TakeOver& said = statement->take_over();
  if (handover.stage() != hv1::HANDOVER_STAGE_OFFERED ||
      said.number() != handover.offered_number() || said.case_id() != letter.file.case_id() ||
      said.receiver() != handover.counterpart() ||
      said.offer_digest() != OfferDigest(handover.offer(), letter.context)) {
    return Decision::Refuse("take_over.not_as_offered",
                            "No standing offer matches this take-over.");
  }
  jv1::CaseEvent event = EventOf(handover);
  *event.mutable_taken_over() = TakenOverAs(message.take_over(), said);
  Await(event, hv1::SIDE_HOLDER, message.due());
  return Decision().AddEvent(event);
}

}  // namespace

Decision OnRejected(const PartyLetter& letter, const hv1::HandoverRejected& message) {
  if (HasEnded(letter.handover)) return Decision::NoEffect("rejection_crossed_recall");
  if (letter.handover.stage() == hv1::HANDOVER_STAGE_OFFERED) {
    // The receiver had not seen the offer; it will decline it by its number.
    return Decision::NoEffect("rejection_crossed_offer");
  }
  if (!IsBeforeOffer(letter.handover)) return OutOfTurn();  // responsibility has moved
  jv1::CaseEvent event = EventOf(letter.handover);
  event.mutable_rejected()->set_rejection(message.rejection());
  EndAtHolder(letter.file, letter.handover, letter.context, event);
  return Decision().AddEvent(event);
}

// The holder keeps the case, and acts on what it learnt while it was offered.
Decision OnDeclined(const PartyLetter& letter, const hv1::OfferDeclined& message) {
  if (letter.handover.stage() != hv1::HANDOVER_STAGE_OFFERED ||
      message.number() != letter.handover.offered_number()) {
    return Decision::Refuse("letter.declined_unoffered", "No offer of this number stands.");
  }
  jv1::CaseEvent event = EventOf(letter.handover);
  event.mutable_declined()->set_rejection(message.rejection());
  EndAtHolder(letter.file, letter.handover, letter.context, event);
  Decision decision;
  decision.AddEvent(event);
  for (const hv1::LateFact& fact : letter.handover.late_facts()) {
    ActOnLateFact(letter.file, fact, letter.context, decision);
  }
  return decision;
}

CasePart HolderLetters() {
  CasePart part;
  part.On(AtHolder(&OnTermObjected))
      .On(AtHolder(&OnTermAgreed))
      .On(AtHolder(&OnAccepted))
      .On(AtHolder(&OnRejected))
      .On(AtHolder(&OnDeclined))
      .On(AtHolder(&OnRecallAnswered))
      .On(AtHolder(&OnTakenOver));
  return part;
}

}  // namespace exitbus::casework
