#include "services/casework/case_file.h"

#include <algorithm>

#include "services/casework/access/break_glass.h"
#include "services/casework/access/units.h"
#include "services/casework/consent/consent.h"
#include "services/casework/correction/correction.h"
#include "services/casework/handover/slices.h"
#include "services/casework/rules.h"
#include "services/exchange/erasure.h"

namespace exitbus::casework {
namespace {

jv1::Handover* Mutable(jv1::CaseFile& file, std::string_view handover_id) {
  for (jv1::Handover& handover : *file.mutable_handovers()) {
    if (handover.handover_id() == handover_id) return &handover;
  }
  return nullptr;
}

hv1::Term* MutableTerm(jv1::Handover& handover, std::string_view term_id) {
  for (hv1::Term& term : *handover.mutable_terms()) {
    if (term.term_id() == term_id) return &term;
  }
  return nullptr;
}

void Open(jv1::CaseFile& file, const jv1::CaseOpened& opened) {
  file.set_case_id(opened.case_id());
  file.set_standing(cv1::STANDING_RESPONSIBLE);
  file.set_stage(cv1::CASE_STAGE_REFERRED);
  file.set_responsible(opened.holder());
  file.set_number(1);
  file.set_highest_number(1);
  file.set_legal_basis(opened.legal_basis());
  *file.mutable_person() = opened.person();
  file.set_current_address(opened.current_address());
  file.set_overview_id(opened.overview_id());
  file.add_statements(opened.opening());
}

void Begin(jv1::CaseFile& file, const std::string& handover_id, const jv1::HandoverBegun& begun) {
  jv1::Handover* handover = file.add_handovers();
  handover->set_handover_id(handover_id);
  handover->set_side(begun.side());
  handover->set_stage(hv1::HANDOVER_STAGE_REQUESTED);
  handover->set_counterpart(begun.counterpart());
  handover->set_reason(begun.reason());
  *handover->mutable_expected() = begun.expected();
  *handover->mutable_needs() = begun.needs();
  handover->set_contact_id(begun.contact_id());
  handover->set_police(begun.police());
  handover->set_receiving_police(begun.receiving_police());
  // A file that is a case stays one, whoever asks under whichever of its ids.
  if (begun.side() == hv1::SIDE_RECEIVER && file.standing() == cv1::STANDING_UNSPECIFIED) {
    file.set_standing(cv1::STANDING_RECEIVING);
    file.set_responsible(begun.counterpart());
  }
}

void Propose(jv1::Handover& handover, const jv1::TermsProposed& proposed) {
  handover.mutable_own_terms()->MergeFrom(proposed.own_terms());
  handover.set_agreement_version(proposed.agreement_version());
  for (const hv1::Term& term : proposed.terms()) {
    hv1::Term* known = MutableTerm(handover, term.term_id());
    *(known != nullptr ? known : handover.add_terms()) = term;
  }
  for (const std::string& dropped : proposed.dropped_term_ids()) {
    auto* terms = handover.mutable_terms();
    terms->erase(std::remove_if(terms->begin(), terms->end(),
                                [&](const hv1::Term& t) { return t.term_id() == dropped; }),
                 terms->end());
  }
}

// Before acceptance the stage follows from the terms.
void FollowTerms(jv1::Handover& handover) {
  if (handover.stage() == hv1::HANDOVER_STAGE_REQUESTED ||
      handover.stage() == hv1::HANDOVER_STAGE_TERMS_COORDINATED) {
    handover.set_stage(AllTermsAgreed(handover) ? hv1::HANDOVER_STAGE_TERMS_COORDINATED
                                                : hv1::HANDOVER_STAGE_REQUESTED);
  }
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

// What the dossier says becomes the file's own content.
void TakeIn(jv1::CaseFile& file, const jv1::Handover& handover) {
  for (const hv1::DossierPart& part : handover.dossier()) {
    if (part.has_visitation()) file.mutable_visitation()->MergeFrom(part.visitation());
    if (part.has_agreement()) TakeInAgreement(part, *file.mutable_agreement());
    if (part.has_planned_release()) *file.mutable_planned_release() = part.planned_release();
    if (!part.overview_id().empty()) file.set_overview_id(part.overview_id());
    if (part.stage() != cv1::CASE_STAGE_UNSPECIFIED) file.set_stage(part.stage());
    file.mutable_precautions()->MergeFrom(part.precautions());
    file.mutable_statements()->MergeFrom(part.statements());
    if (!part.security_id().empty()) file.set_security_id(part.security_id());
    file.set_legal_basis(part.legal_basis());
  }
  for (const jv1::ReceivedOnConsent& received : handover.received_on_consent()) {
    TakeInOnConsent(file, received);
  }
  for (const hv1::LateFact& fact : handover.late_facts()) {
    if (!fact.note().empty()) file.add_precautions(fact.note());
  }
}

// The unit of the district that the case is in now; one that got the case with its handover knows
// it by the handover's id.
void FollowPolice(jv1::CaseFile& file, jv1::Handover& handover) {
  file.set_police(handover.receiving_police());
  if (handover.receiving_police() != handover.police()) {
    file.set_security_id(handover.handover_id());
  }
  if (handover.has_security()) *file.mutable_security() = handover.security();
  handover.clear_security();
}

void MoveResponsibility(jv1::CaseFile& file, jv1::Handover& handover,
                        const jv1::TakenOver& taken_over) {
  handover.set_stage(hv1::HANDOVER_STAGE_TAKEN_OVER);
  *handover.mutable_taken_over() = taken_over.instant();
  if (handover.side() == hv1::SIDE_RECEIVER) {
    TakeIn(file, handover);
    handover.clear_dossier();
    FollowPolice(file, handover);
    file.set_standing(cv1::STANDING_RESPONSIBLE);
  } else {
    file.set_standing(cv1::STANDING_FORMER);
  }
  for (const cv1::Measure& measure : file.agreement().measures()) {
    handover.add_measures(measure.measure_id());
  }
  file.set_responsible(taken_over.receiver());
  file.set_number(taken_over.number());
  file.set_highest_number(std::max<std::uint64_t>(file.highest_number(), taken_over.number()));
  file.add_statements(handover.offer());
  file.add_statements(taken_over.take_over());
}

// The precautions in force: of the case, or of a handover whose receiver we may become.
cv1::SecurityPicture* PictureOf(jv1::CaseFile& file, jv1::Handover* handover) {
  return handover != nullptr ? handover->mutable_security() : file.mutable_security();
}

void LearnLate(jv1::CaseFile& file, jv1::Handover& handover, const hv1::LateFact& fact) {
  *handover.add_late_facts() = fact;
  const bool ours =
      handover.side() == hv1::SIDE_HOLDER || file.standing() == cv1::STANDING_RESPONSIBLE;
  if (ours && !fact.note().empty()) file.add_precautions(fact.note());
  const bool reported =
      handover.side() == hv1::SIDE_RECEIVER && file.standing() == cv1::STANDING_RESPONSIBLE;
  if (reported && fact.kind() == hv1::LATE_FACT_KIND_WITHDRAWAL &&
      file.stage() != cv1::CASE_STAGE_WITHDRAWN) {
    file.mutable_reported_withdrawal()->set_authority(handover.counterpart());
    *file.mutable_reported_withdrawal()->mutable_learnt() = fact.learnt();
  }
}

void Release(jv1::CaseFile& file, int function) {
  auto* units = file.mutable_units();
  units->erase(
      std::remove_if(units->begin(), units->end(),
                     [&](const cv1::InvolvedUnit& unit) { return unit.function() == function; }),
      units->end());
}

cv1::BreakGlass& BreakGlassOf(jv1::CaseFile& file, const std::string& id, cv1::BreakGlass& none) {
  for (cv1::BreakGlass& one : *file.mutable_break_glass()) {
    if (one.break_glass_id() == id) return one;
  }
  return none;
}

void Approve(jv1::CaseFile& file, const jv1::BreakGlassApproved& approved) {
  cv1::BreakGlass none;
  cv1::BreakGlass& one = BreakGlassOf(file, approved.break_glass_id(), none);
  one.set_approved_by(approved.approved_by());
  *one.mutable_approved() = approved.approved();
  *one.mutable_until() = approved.until();
}

void End(jv1::CaseFile& file, const jv1::BreakGlassEnded& ended) {
  cv1::BreakGlass none;
  cv1::BreakGlass& one = BreakGlassOf(file, ended.break_glass_id(), none);
  *one.mutable_ended() = ended.ended();
  one.set_ended_by(ended.ended_by());
}

// Keeps the protocol's codes, so that late crossings still find their handover.
void Erase(jv1::CaseFile& file) {
  jv1::CaseFile kept;
  kept.set_standing(cv1::STANDING_ENDED);
  kept.set_responsible(file.responsible());
  for (const jv1::Handover& handover : file.handovers()) {
    jv1::Handover* codes = kept.add_handovers();
    codes->set_handover_id(handover.handover_id());
    codes->set_side(handover.side());
    codes->set_stage(handover.stage());
    codes->set_counterpart(handover.counterpart());
    codes->set_reason(handover.reason());
    codes->set_rejection(handover.rejection());
    codes->set_offered_number(handover.offered_number());
    codes->set_contact_id(handover.contact_id());
  }
  file = std::move(kept);
}

}  // namespace

void Evolve(jv1::CaseFile& file, const jv1::CaseEvent& event) {
  if (event.has_handover_begun()) Begin(file, event.handover_id(), event.handover_begun());
  jv1::Handover none;
  jv1::Handover* found = Mutable(file, event.handover_id());
  jv1::Handover& handover = found != nullptr ? *found : none;
  if (event.has_wait()) {
    handover.set_waiting_for(event.wait().waiting_for());
    *handover.mutable_due() = event.wait().due();
    handover.set_escalated(false);
    handover.clear_nudges();
  }
  switch (event.what_case()) {
    case jv1::CaseEvent::kCaseOpened:
      return Open(file, event.case_opened());
    case jv1::CaseEvent::kConsentGiven:
      *file.mutable_consent() = event.consent_given().consent();
      return;
    case jv1::CaseEvent::kConsentRevoked:
      return Revoke(file, event.consent_revoked());
    case jv1::CaseEvent::kVisitationMade:
      *file.mutable_visitation() = event.visitation_made().visitation();
      file.set_stage(cv1::CASE_STAGE_VISITED);
      return;
    case jv1::CaseEvent::kAgreementPutInForce:
      *file.mutable_agreement() = event.agreement_put_in_force().agreement();
      file.set_stage(cv1::CASE_STAGE_ENROLLED);
      return;
    case jv1::CaseEvent::kReleasePlanned:
      *file.mutable_planned_release() = event.release_planned().planned_release();
      return;
    case jv1::CaseEvent::kProgrammeWithdrawn:
      file.set_stage(cv1::CASE_STAGE_WITHDRAWN);
      file.clear_reported_withdrawal();
      return;
    case jv1::CaseEvent::kPoliceInvolved:
      file.set_police(event.police_involved().police());
      file.set_security_id(event.police_involved().security_id());
      if (event.police_involved().has_on_consent()) {
        *file.mutable_police_on_consent() = event.police_involved().on_consent();
      }
      return;
    case jv1::CaseEvent::kPoliceClarified:
      *file.mutable_clarification() = event.police_clarified().clarification();
      return;
    case jv1::CaseEvent::kSecurityPictureLearnt:
      *PictureOf(file, found) = event.security_picture_learnt().picture();
      return;
    case jv1::CaseEvent::kPrecautionsRead:
      PictureOf(file, found)->set_acknowledged_by(event.precautions_read().acknowledged_by());
      return;
    case jv1::CaseEvent::kHandoverBegun:
      return;  // begun above, so that its wait had a place
    case jv1::CaseEvent::kTermsProposed:
      Propose(handover, event.terms_proposed());
      return FollowTerms(handover);
    case jv1::CaseEvent::kTermObjected:
      if (hv1::Term* term = MutableTerm(handover, event.term_objected().term_id())) {
        term->set_status(hv1::TERM_STATUS_OBJECTED);
        term->set_objection(event.term_objected().objection());
      }
      return FollowTerms(handover);
    case jv1::CaseEvent::kTermAgreed:
      if (hv1::Term* term = MutableTerm(handover, event.term_agreed().term_id())) {
        term->set_status(hv1::TERM_STATUS_AGREED);
        term->clear_objection();
      }
      return FollowTerms(handover);
    case jv1::CaseEvent::kAccepted:
      handover.set_stage(hv1::HANDOVER_STAGE_ACCEPTED);
      return;
    case jv1::CaseEvent::kIdentityLearnt:
      file.set_case_id(event.identity_learnt().case_id());
      *file.mutable_person() = event.identity_learnt().person();
      file.set_current_address(event.identity_learnt().current_address());
      return;
    case jv1::CaseEvent::kRejected:
      handover.set_stage(hv1::HANDOVER_STAGE_REJECTED);
      handover.set_rejection(event.rejected().rejection());
      return;
    case jv1::CaseEvent::kRecalled:
      handover.set_stage(hv1::HANDOVER_STAGE_RECALLED);
      return;
    case jv1::CaseEvent::kDossierPartReceived:
      return Receive(handover, event.dossier_part_received());
    case jv1::CaseEvent::kOffered:
      handover.set_stage(hv1::HANDOVER_STAGE_OFFERED);
      handover.set_offer(event.offered().offer());
      *handover.mutable_slips() = event.offered().slips();
      handover.set_offered_number(event.offered().number());
      *handover.mutable_earliest() = event.offered().earliest();
      *handover.mutable_sent_on_consent() = event.offered().on_consent();
      file.set_highest_number(
          std::max<std::uint64_t>(file.highest_number(), event.offered().number()));
      return;
    case jv1::CaseEvent::kRecallAsked:
      handover.set_recall_requested(true);
      return;
    case jv1::CaseEvent::kRecallRefused:
      handover.set_recall_requested(false);
      return;
    case jv1::CaseEvent::kDeclined:
      handover.set_stage(hv1::HANDOVER_STAGE_OFFER_DECLINED);
      handover.set_rejection(event.declined().rejection());
      handover.set_recall_requested(false);
      return;
    case jv1::CaseEvent::kTakenOver:
      return MoveResponsibility(file, handover, event.taken_over());
    case jv1::CaseEvent::kAcknowledged:
      handover.set_stage(hv1::HANDOVER_STAGE_ACKNOWLEDGED);
      return;
    case jv1::CaseEvent::kLateFactLearnt:
      return LearnLate(file, handover, event.late_fact_learnt().fact());
    case jv1::CaseEvent::kEscalated:
      // Of one that is answered meanwhile nothing stays but that it was told.
      handover.set_escalated(handover.waiting_for() != hv1::SIDE_UNSPECIFIED);
      handover.set_contact_point_told(true);
      return;
    case jv1::CaseEvent::kClosed:
      handover.set_stage(hv1::HANDOVER_STAGE_CLOSED);
      return;
    case jv1::CaseEvent::kErased:
      return Erase(file);
    case jv1::CaseEvent::kPeerErased:
      handover.set_erasure_confirmed(true);
      return;
    case jv1::CaseEvent::kNudged:
      handover.set_nudges(handover.nudges() + 1);
      return;
    case jv1::CaseEvent::kCorrespondenceStopped:
      handover.set_correspondence_stopped(event.correspondence_stopped().stopped());
      return;
    case jv1::CaseEvent::kUnitInvolved:
      *file.add_units() = event.unit_involved().unit();
      return;
    case jv1::CaseEvent::kUnitReleased:
      return Release(file, event.unit_released().function());
    case jv1::CaseEvent::kBreakGlassRequested:
      *file.add_break_glass() = event.break_glass_requested().break_glass();
      return;
    case jv1::CaseEvent::kBreakGlassApproved:
      return Approve(file, event.break_glass_approved());
    case jv1::CaseEvent::kBreakGlassEnded:
      return End(file, event.break_glass_ended());
    case jv1::CaseEvent::kRevocationLearnt:
      return Learn(file, handover, event.revocation_learnt());
    case jv1::CaseEvent::kCorrected:
      return Correct(file, event.corrected().correction(), event.corrected().corrections());
    case jv1::CaseEvent::kCorrectionLearnt:
      return Correct(file, event.correction_learnt().correction(),
                     event.correction_learnt().corrections());
    case jv1::CaseEvent::kCorrectionAnswered:
      return Answer(file, event.correction_answered());
    case jv1::CaseEvent::kCorrectionOverdue:
      return MarkOverdue(file, event.correction_overdue().correction_id());
    case jv1::CaseEvent::kErasure:
      return exchange::EvolveErased(file, event.erasure());
    case jv1::CaseEvent::WHAT_NOT_SET:
      return;
  }
}

}  // namespace exitbus::casework
