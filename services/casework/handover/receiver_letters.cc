#include <utility>

#include "exitbus/exchange/v1/body.pb.h"
#include "exitbus/exchange/v1/statement.pb.h"
#include "services/casework/addresses.h"
#include "services/casework/consent/consent.h"
#include "services/casework/handover/dossier.h"
#include "services/casework/handover/evolve.h"
#include "services/casework/handover/handover.h"
#include "services/casework/handover/letters.h"
#include "services/casework/handover/rules.h"
#include "services/casework/handover/slices.h"
#include "services/casework/relocation/relocation.h"
#include "services/exchange/keys.h"
#include "services/exchange/membership.h"
#include "services/exchange/proto_time.h"
#include "services/policy/copy.h"
#include "services/policy/viewer.h"
#include "services/relocation/asked.h"

namespace exitbus::casework {
namespace {

// The number an offer names, whoever signed it.
std::uint64_t NumberOf(const std::string& offer) {
  exchange::v1::SignedStatement outer;
  exchange::v1::Statement statement;
  return outer.ParseFromString(offer) && statement.ParseFromString(outer.statement())
             ? statement.offer().number()
             : 0;
}

Decision OnRequested(const CaseLetter& letter, const hv1::HandoverRequested& message) {
  const auto& [file, place, body, context] = letter;
  if (FindHandover(file, place.subject) != nullptr) {
    if (auto other = NotBetweenParties(letter, hv1::SIDE_UNSPECIFIED)) return *std::move(other);
    return Decision::Refuse("letter.requested_twice", "This handover was requested before.");
  }
  if (!IsNew(file)) {
    return Decision::Refuse("letter.requests_known_case",
                            "A handover is asked for under an id of its own, not under a case's.");
  }
  // Precautions are believed from these, and what becomes of the handover is told to them.
  const auto is_of = [&](const std::string& police, const std::string& authority) {
    return police.empty() || exchange::IsPoliceOf(*letter.context.directory, police, authority);
  };
  if (!is_of(message.police(), place.sender) ||
      !is_of(message.receiving_police(), context.self->id)) {
    return Decision::Refuse("letter.not_the_districts_police",
                            "The police units are those of the holder's and the receiver's "
                            "districts, as the directory lists them.");
  }
  // Who is told more before it accepts has been asked before whether it has room.
  const exchange::IndexKey inquiry{relocation::kInquiries,
                                   relocation::InquiryKey(message.inquiry_id())};
  const bool is_chosen = !message.inquiry_id().empty();
  if (is_chosen && !context.lookup->Exists(inquiry.Encode())) return Decision::Park();
  jv1::CaseEvent event = EventOf(place.subject);
  jv1::HandoverBegun& begun = *event.mutable_handover_begun();
  policy::CopyAlike(message, begun);
  begun.set_side(hv1::SIDE_RECEIVER);
  begun.set_counterpart(place.sender);
  if (!is_chosen) begun.clear_placed_by();
  Await(event, hv1::SIDE_RECEIVER, message.due());
  return Decision().AddEvent(event);
}

Decision OnTermProposed(const PartyLetter& letter, const hv1::AgreementTermProposed& message) {
  if (HasEnded(letter.handover)) return Decision::NoEffect("term_crossed_end");
  if (!IsBeforeOffer(letter.handover)) return OutOfTurn();
  jv1::CaseEvent event = EventOf(letter.handover);
  event.mutable_terms_proposed()->set_agreement_version(message.agreement_version());
  if (message.dropped()) {
    event.mutable_terms_proposed()->add_dropped_term_ids(message.term().term_id());
  } else {
    *event.mutable_terms_proposed()->add_terms() = message.term();
  }
  // One that is dropped may leave nothing to agree to.
  jv1::Handover after = letter.handover;
  Propose(after, event.terms_proposed());
  if (message.dropped() && MovesNextByTerms(after) == hv1::SIDE_UNSPECIFIED) {
    WaitForNobody(event);
  } else {
    Await(event, hv1::SIDE_RECEIVER, message.due());
  }
  return Decision().AddEvent(event);
}

Decision OnIdentityReleased(const PartyLetter& letter,
                            const hv1::HandoverIdentityReleased& message) {
  if (HasEnded(letter.handover)) return Decision::NoEffect("identity_crossed_end");
  const bool before = IsBeforeAcceptance(letter.handover);
  if (letter.handover.inquiry_id().empty() && before) return OutOfTurn();
  // It comes anew when these terms, or others, are agreed.
  if (before && !KnowsBeforeAccepting(letter.handover)) {
    return Decision::NoEffect("identity_crossed_terms");
  }
  if (!before && letter.handover.stage() != hv1::HANDOVER_STAGE_ACCEPTED) return OutOfTurn();
  jv1::CaseEvent event = EventOf(letter.handover);
  if (before) WaitFor(event, hv1::SIDE_RECEIVER, kFinalAnswerDays, letter.context);
  jv1::IdentityLearnt& learnt = *event.mutable_identity_learnt();
  learnt.set_case_id(message.case_id());
  *learnt.mutable_person() = message.person();
  learnt.set_current_address(message.current_address());
  if (IsMunicipality(message.handlekommune(), letter.context)) {
    learnt.set_handlekommune(message.handlekommune());
  }
  if (letter.body.legal_basis() == policy::v1::LEGAL_BASIS_CONSENT) {
    *learnt.mutable_on_consent() =
        OnConsent(message, TheReceiver(), letter.place.number, letter.context);
  }
  return Decision().AddEvent(event);
}

Decision OnRecalled(const PartyLetter& letter, const hv1::HandoverRecalled&) {
  if (HasEnded(letter.handover)) return Decision::NoEffect("recall_crossed_rejection");
  if (!IsBeforeOffer(letter.handover)) return OutOfTurn();  // an offer is not recalled alone
  jv1::CaseEvent event = EventOf(letter.handover);
  event.mutable_recalled();
  WaitForNobody(event);
  Decision decision;
  decision.AddEvent(event);
  EraseAndConfirm(letter.file, letter.handover, letter.context, decision);
  return decision;
}

Decision OnDossierPart(const PartyLetter& letter, const hv1::DossierPart& message) {
  if (HasEnded(letter.handover)) return Decision::NoEffect("dossier_crossed_end");
  if (letter.handover.stage() != hv1::HANDOVER_STAGE_ACCEPTED) return OutOfTurn();
  const int received_parts =
      letter.handover.dossier_size() + letter.handover.received_on_consent_size();
  if (received_parts >= static_cast<int>(kPartsMax)) {
    return Decision::Refuse("dossier.too_many_parts", "A dossier has 17 parts at most.");
  }
  jv1::CaseEvent event = EventOf(letter.handover);
  jv1::DossierPartReceived& received = *event.mutable_dossier_part_received();
  *received.mutable_part() = message;
  received.set_number(letter.place.number);
  *received.mutable_received() = exchange::ToProto(letter.context.now);
  return Decision().AddEvent(event);
}

// An offer must never stay unanswered, or the holder could neither offer nor recall again: one that
// meets a rejection under way, and one that cannot be taken, is declined in the same transaction.
Decision OnOffered(const PartyLetter& letter, const hv1::HandoverOffered& message) {
  if (letter.handover.stage() == hv1::HANDOVER_STAGE_OFFERED || HasMoved(letter.handover)) {
    return OutOfTurn();
  }
  const std::uint64_t number = NumberOf(message.offer());
  hv1::OfferDeclined declined;
  declined.set_number(number);
  declined.set_rejection(letter.handover.rejection());
  if (HasEnded(letter.handover)) {
    return Decision::NoEffect("offer_crossed_rejection")
        .Notify(CounterpartOf(letter.file, letter.handover), declined);
  }
  const auto statement =
      letter.context.statements->Verified(message.offer(), letter.handover.counterpart());
  if (letter.handover.stage() != hv1::HANDOVER_STAGE_ACCEPTED || !statement ||
      !IsOfferFor(message, letter.file, letter.handover, letter.context)) {
    jv1::CaseEvent event = EventOf(letter.handover);
    event.mutable_declined();
    Decision decision;
    // What it was offered without altogether was withheld, by a consent that was revoked.
    const bool came =
        !letter.handover.dossier().empty() || !letter.handover.received_on_consent().empty();
    if (letter.handover.stage() == hv1::HANDOVER_STAGE_ACCEPTED && came &&
        !IsDossierWhole(letter.handover)) {
      decision.Report(exchange::Severity::kError, "dossier.not_whole");
    }
    EndAndErase(letter.file, letter.handover, std::move(event), declined, letter.context, decision);
    return decision;
  }
  jv1::CaseEvent event = EventOf(letter.handover);
  jv1::Offered& offered = *event.mutable_offered();
  offered.set_offer(message.offer());
  *offered.mutable_slips() = message.slips();
  offered.set_number(statement->offer().number());
  *offered.mutable_earliest() = statement->offer().earliest();
  Await(event, hv1::SIDE_RECEIVER, message.due());
  return Decision().AddEvent(event);
}

Decision OnRecallRequested(const PartyLetter& letter, const hv1::RecallRequested& message) {
  if (HasMoved(letter.handover)) return Decision::NoEffect("recall_request_crossed_take_over");
  if (HasEnded(letter.handover)) return Decision::NoEffect("recall_request_crossed_decline");
  if (letter.handover.stage() != hv1::HANDOVER_STAGE_OFFERED) return OutOfTurn();
  jv1::CaseEvent event = EventOf(letter.handover);
  event.mutable_recall_asked();
  Await(event, hv1::SIDE_RECEIVER, message.due());
  return Decision().AddEvent(event);
}

Decision OnAcknowledged(const PartyLetter& letter, const hv1::HandoverAcknowledged&) {
  if (letter.handover.stage() != hv1::HANDOVER_STAGE_TAKEN_OVER) return OutOfTurn();
  jv1::CaseEvent event = EventOf(letter.handover);
  event.mutable_acknowledged();
  WaitForNobody(event);
  return Decision().AddEvent(event);
}

Decision OnLateFact(const PartyLetter& letter, const hv1::LateFact& message) {
  if (HasEnded(letter.handover)) return Decision::NoEffect("late_fact_crossed_end");
  if (IsBeforeAcceptance(letter.handover)) return OutOfTurn();
  jv1::CaseEvent event = EventOf(letter.handover);
  *event.mutable_late_fact_learnt()->mutable_fact() = message;
  Decision decision;
  decision.AddEvent(event);
  // Handed on since, or offered with a dossier that does not have it: who gets the case has to
  // know. A withdrawal is a report until an employee here confirms it, and goes as that one's word.
  for (const jv1::Handover& onward : letter.file.handovers()) {
    const bool offered = onward.stage() == hv1::HANDOVER_STAGE_OFFERED &&
                         message.kind() != hv1::LATE_FACT_KIND_WITHDRAWAL;
    if (onward.side() == hv1::SIDE_HOLDER && (HasMoved(onward) || offered)) {
      decision.Notify(CounterpartOf(letter.file, onward), message);
    }
  }
  return decision;
}

}  // namespace

CasePart ReceiverLetters() {
  CasePart part;
  part.On(&OnRequested)
      .On(AtReceiver(&OnTermProposed))
      .On(AtReceiver(&OnIdentityReleased))
      .On(AtReceiver(&OnRecalled))
      .On(AtReceiver(&OnDossierPart))
      .On(AtReceiver(&OnOffered))
      .On(AtReceiver(&OnRecallRequested))
      .On(AtReceiver(&OnAcknowledged))
      .On(AtReceiver(&OnLateFact));
  return part;
}

}  // namespace exitbus::casework
