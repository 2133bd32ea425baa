#include "services/casework/handover/evolve.h"

#include <algorithm>

#include "services/casework/handover/rules.h"
#include "services/exchange/repeated.h"
#include "services/policy/copy.h"
#include "services/relocation/request.h"

namespace exitbus::casework {
namespace {

hv1::Term* MutableTerm(jv1::Handover& handover, std::string_view term_id) {
  return exchange::FindIn(*handover.mutable_terms(),
                          [&](const hv1::Term& term) { return term.term_id() == term_id; });
}

// Before acceptance the stage follows from the terms.
void FollowTerms(jv1::Handover& handover) {
  if (handover.stage() == hv1::HANDOVER_STAGE_REQUESTED ||
      handover.stage() == hv1::HANDOVER_STAGE_TERMS_COORDINATED) {
    handover.set_stage(AllTermsAgreed(handover) ? hv1::HANDOVER_STAGE_TERMS_COORDINATED
                                                : hv1::HANDOVER_STAGE_REQUESTED);
  }
}

// What an event says beside what happened.
void Note(jv1::Handover& handover, const jv1::CaseEvent& event) {
  if (event.has_erasure_owed()) {  // it ends at the holder
    *handover.mutable_erasure() = event.erasure_owed();
    handover.clear_acceptance();
    handover.clear_chosen_dwelling();
    handover.clear_receiving_municipality();
    handover.clear_disputes();
    handover.clear_documents_owed();
  }
  if (!event.has_wait()) return;
  handover.set_waiting_for(event.wait().waiting_for());
  *handover.mutable_due() = event.wait().due();
  handover.set_escalated(false);
  handover.clear_nudges();
}

void Begin(jv1::CaseFile& file, const jv1::CaseEvent& event, const jv1::HandoverBegun& begun) {
  jv1::Handover* handover = file.add_handovers();
  handover->set_handover_id(event.handover_id());
  policy::CopyAlike(begun, *handover);
  handover->set_stage(hv1::HANDOVER_STAGE_REQUESTED);
  if (begun.side() == hv1::SIDE_HOLDER) {
    relocation::HandoverAsked(*file.mutable_relocations(), begun.inquiry_id());
  }
  // A file that is a case stays one, whoever asks under whichever of its ids.
  if (begun.side() == hv1::SIDE_RECEIVER && file.standing() == cv1::STANDING_UNSPECIFIED) {
    file.set_standing(cv1::STANDING_RECEIVING);
    file.set_responsible(begun.counterpart());
  }
  Note(*handover, event);
}

void Object(jv1::Handover& handover, const jv1::TermObjected& objected) {
  if (hv1::Term* term = MutableTerm(handover, objected.term_id())) {
    term->set_status(hv1::TERM_STATUS_OBJECTED);
    term->set_objection(objected.objection());
  }
  FollowTerms(handover);
}

void Accept(jv1::Handover& handover, const jv1::Accepted&) {
  handover.set_stage(hv1::HANDOVER_STAGE_ACCEPTED);
}

// The last one counts: what it went on is what the receiver has it on.
void ReleaseIdentity(jv1::Handover& handover, const jv1::IdentityReleased& released) {
  handover.set_identity_released(true);
  handover.clear_identity_on_consent();
  if (released.has_on_consent()) *handover.mutable_identity_on_consent() = released.on_consent();
}

void LearnIdentity(jv1::CaseFile& file, jv1::Handover& handover,
                   const jv1::IdentityLearnt& learnt) {
  file.set_case_id(learnt.case_id());
  *file.mutable_person() = learnt.person();
  file.set_current_address(learnt.current_address());
  file.set_handlekommune(learnt.handlekommune());
  handover.clear_identity_on_consent();
  if (learnt.has_on_consent()) *handover.mutable_identity_on_consent() = learnt.on_consent();
}

void Reject(jv1::Handover& handover, const jv1::Rejected& rejected) {
  handover.set_stage(hv1::HANDOVER_STAGE_REJECTED);
  handover.set_rejection(rejected.rejection());
}

void Recall(jv1::Handover& handover, const jv1::Recalled&) {
  handover.set_stage(hv1::HANDOVER_STAGE_RECALLED);
}

void Receive(jv1::Handover& handover, const jv1::DossierPartReceived& received) {
  if (received.part().legal_basis() != policy::v1::LEGAL_BASIS_CONSENT) {
    *handover.add_dossier() = received.part();
    return;
  }
  jv1::ReceivedOnConsent& on_consent = *handover.add_received_on_consent();
  on_consent.set_number(received.number());
  *on_consent.mutable_part() = received.part();
  *on_consent.mutable_received() = received.received();
}

void Offer(jv1::CaseFile& file, jv1::Handover& handover, const jv1::Offered& offered) {
  handover.set_stage(hv1::HANDOVER_STAGE_OFFERED);
  handover.set_offer(offered.offer());
  *handover.mutable_slips() = offered.slips();
  handover.set_offered_number(offered.number());
  *handover.mutable_earliest() = offered.earliest();
  *handover.mutable_sent_on_consent() = offered.on_consent();
  *handover.mutable_documents_owed() = offered.documents();
  file.set_highest_number(std::max<std::uint64_t>(file.highest_number(), offered.number()));
}

void AskRecall(jv1::Handover& handover, const jv1::RecallAsked&) {
  handover.set_recall_requested(true);
}

void RefuseRecall(jv1::Handover& handover, const jv1::RecallRefused&) {
  handover.set_recall_requested(false);
}

void Decline(jv1::Handover& handover, const jv1::Declined& declined) {
  handover.set_stage(hv1::HANDOVER_STAGE_OFFER_DECLINED);
  handover.set_rejection(declined.rejection());
  handover.set_recall_requested(false);
}

void Escalate(jv1::Handover& handover, const jv1::Escalated& escalated) {
  if (!escalated.answered()) handover.set_escalated(true);
  handover.set_contact_point_notified(true);
}

void Nudge(jv1::Handover& handover, const jv1::Nudged&) {
  handover.set_nudges(handover.nudges() + 1);
}

void Stop(jv1::Handover& handover, const jv1::CorrespondenceStopped& stopped) {
  handover.set_correspondence_stopped(stopped.stopped());
}

}  // namespace

void Propose(jv1::Handover& handover, const jv1::TermsProposed& proposed) {
  handover.mutable_own_terms()->MergeFrom(proposed.own_terms());
  handover.set_agreement_version(proposed.agreement_version());
  for (const hv1::Term& term : proposed.terms()) {
    hv1::Term* known = MutableTerm(handover, term.term_id());
    *(known != nullptr ? known : handover.add_terms()) = term;
  }
  for (const std::string& dropped : proposed.dropped_term_ids()) {
    exchange::EraseFrom(*handover.mutable_terms(),
                        [&](const hv1::Term& term) { return term.term_id() == dropped; });
  }
  FollowTerms(handover);
}

void Agree(jv1::Handover& handover, const jv1::TermAgreed& agreed) {
  if (hv1::Term* term = MutableTerm(handover, agreed.term_id())) {
    term->set_status(hv1::TERM_STATUS_AGREED);
    term->clear_objection();
  }
  FollowTerms(handover);
}

jv1::Handover* MutableHandover(jv1::CaseFile& file, std::string_view handover_id) {
  return const_cast<jv1::Handover*>(FindHandover(file, handover_id));
}

jv1::Handover* Evolving(jv1::CaseFile& file, const jv1::CaseEvent& event) {
  jv1::Handover* handover = MutableHandover(file, event.handover_id());
  if (handover != nullptr) Note(*handover, event);
  return handover;
}

CasePart HandoverEvents() {
  CasePart part;
  part.After(&Begin)
      .After(OfHandover(&Propose))
      .After(OfHandover(&Object))
      .After(OfHandover(&Agree))
      .After(OfHandover(&Accept))
      .After(OfHandover(&ReleaseIdentity))
      .After(OfHandover(&LearnIdentity))
      .After(OfHandover(&Reject))
      .After(OfHandover(&Recall))
      .After(OfHandover(&Receive))
      .After(OfHandover(&Offer))
      .After(OfHandover(&AskRecall))
      .After(OfHandover(&RefuseRecall))
      .After(OfHandover(&Decline))
      .After(OfHandover(&Escalate))
      .After(OfHandover(&Nudge))
      .After(OfHandover(&Stop));
  return part;
}

}  // namespace exitbus::casework
