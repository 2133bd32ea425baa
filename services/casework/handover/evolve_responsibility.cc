// How responsibility moves with a handover, and what is left of it afterwards, at either side.
#include <algorithm>
#include <utility>

#include "services/casework/access/units.h"
#include "services/casework/consent/consent.h"
#include "services/casework/documents/documents.h"
#include "services/casework/handover/dossier.h"
#include "services/casework/handover/evolve.h"
#include "services/casework/handover/slices.h"
#include "services/casework/programme/programme.h"
#include "services/casework/relocation/relocation.h"
#include "services/casework/supervision/supervision.h"
#include "services/exchange/obligation.h"

namespace exitbus::casework {
namespace {

void TakeIn(jv1::CaseFile& file, const hv1::DossierPart& part) {
  if (part.has_visitation()) file.mutable_visitation()->MergeFrom(part.visitation());
  if (part.has_agreement()) TakeInAgreement(part, *file.mutable_agreement());
  if (part.has_planned_release()) *file.mutable_planned_release() = part.planned_release();
  if (!part.overview_id().empty()) file.set_overview_id(part.overview_id());
  if (part.stage() != cv1::CASE_STAGE_UNSPECIFIED) file.set_stage(part.stage());
  if (part.has_consent()) *file.mutable_consent() = part.consent();
  file.mutable_precautions()->MergeFrom(part.precautions());
  file.mutable_statements()->MergeFrom(part.statements());
  file.mutable_bases()->MergeFrom(part.bases());
  if (!part.security_id().empty()) file.set_security_id(part.security_id());
  TakeInDocuments(part, file);
}

// What the dossier says becomes the file's own content; but for what is blocked.
void TakeIn(jv1::CaseFile& file, const jv1::Handover& handover) {
  if (const hv1::DossierPart* const leading = LeadingPart(handover)) {
    file.set_programme(leading->programme());
    *file.mutable_opens() = leading->opens();
    if (leading->has_started()) *file.mutable_started() = leading->started();
    if (leading->has_paused()) *file.mutable_paused() = leading->paused();
    if (leading->has_contact_person()) {
      *file.mutable_contact_person() = leading->contact_person();
    }
  }
  for (const hv1::DossierPart& part : handover.dossier()) TakeIn(file, part);
  for (const jv1::ReceivedOnConsent& received : handover.received_on_consent()) {
    TakeIn(file, received.part());
    if (received.has_blocked()) MoveOut(file, received.part(), received.blocked());
  }
  // What was learnt before this offer stands in its dossier as well.
  const auto is_known = [&](const std::string& note) {
    return std::find(file.precautions().begin(), file.precautions().end(), note) !=
           file.precautions().end();
  };
  for (const hv1::LateFact& fact : handover.late_facts()) {
    if (!fact.note().empty() && !is_known(fact.note())) file.add_precautions(fact.note());
  }
}

// The unit of the district that the case is in now; one that got the case with its handover knows
// it by the handover's id.
void FollowPolice(jv1::CaseFile& file, jv1::Handover& handover) {
  file.set_police(handover.receiving_police());
  if (handover.receiving_police() != handover.police()) {
    file.set_security_id(handover.handover_id());
  }
  if (handover.has_security()) {
    *file.mutable_security() = handover.security();
    *file.mutable_precautions_owed() = handover.precautions_owed();
  }
  handover.clear_security();
  handover.clear_precautions_owed();
}

void MoveResponsibility(jv1::CaseFile& file, jv1::Handover& handover,
                        const jv1::TakenOver& taken_over) {
  handover.set_stage(hv1::HANDOVER_STAGE_TAKEN_OVER);
  *handover.mutable_taken_over() = taken_over.instant();
  handover.clear_released();
  if (handover.side() == hv1::SIDE_RECEIVER) {
    TakeIn(file, handover);
    if (const hv1::DossierPart* const leading = LeadingPart(handover)) {
      TakeInSupervision(file, *leading, taken_over.instant());
    }
    handover.clear_dossier();
    // It has come. A person who goes back into custody is released by a plan of its own.
    if (handover.reason() == hv1::HANDOVER_REASON_RELEASE) file.clear_planned_release();
    FollowPolice(file, handover);
    file.clear_precautions_asked();
    *file.mutable_security_learnt() = taken_over.instant();
    file.set_standing(cv1::STANDING_RESPONSIBLE);
  } else {
    file.set_standing(cv1::STANDING_FORMER);
    file.clear_precautions_owed();
    file.clear_precautions_asked();
    file.clear_released();
    file.clear_acceptance_owed();
    file.clear_offer_owed();
    if (file.has_security()) file.mutable_security()->clear_asked();
    TakeBackStaffSafety(file);
    for (jv1::Handover& one : *file.mutable_handovers()) {
      one.clear_journey();
      one.clear_address_protection();
      one.clear_acceptance();
    }
  }
  for (const cv1::Measure& measure : file.agreement().measures()) {
    handover.add_measures(measure.measure_id());
  }
  MoveHandlekommune(taken_over.receiver(), file, handover);
  file.set_responsible(taken_over.receiver());
  file.clear_course_review();
  file.clear_measures_to_begin();
  if (handover.side() == hv1::SIDE_RECEIVER) ExpectToBegin(file);
  file.set_number(taken_over.number());
  file.set_highest_number(std::max<std::uint64_t>(file.highest_number(), taken_over.number()));
  file.add_statements(handover.offer());
  file.add_statements(taken_over.take_over());
}

void LearnLate(jv1::CaseFile& file, jv1::Handover& handover, const jv1::LateFactLearnt& learnt) {
  const hv1::LateFact& fact = learnt.fact();
  *handover.add_late_facts() = fact;
  const bool ours =
      handover.side() == hv1::SIDE_HOLDER || file.standing() == cv1::STANDING_RESPONSIBLE;
  if (ours && !fact.note().empty()) file.add_precautions(fact.note());
  const bool reported =
      handover.side() == hv1::SIDE_RECEIVER && file.standing() == cv1::STANDING_RESPONSIBLE;
  if (reported && fact.kind() == hv1::LATE_FACT_KIND_WITHDRAWAL && !IsOver(file.stage())) {
    file.mutable_reported_withdrawal()->set_authority(handover.counterpart());
    *file.mutable_reported_withdrawal()->mutable_learnt() = fact.learnt();
  }
}

void Acknowledge(jv1::Handover& handover, const jv1::Acknowledged&) {
  handover.set_stage(hv1::HANDOVER_STAGE_ACKNOWLEDGED);
}

void Close(jv1::Handover& handover, const jv1::Closed&) {
  handover.set_stage(hv1::HANDOVER_STAGE_CLOSED);
}

// Keeps the protocol's codes, so that late crossings still find their handover.
void Erase(jv1::CaseFile& file, const jv1::Erased&) {
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

void NoteErased(jv1::Handover& handover, const jv1::PeerErased& erased) {
  exchange::Confirm(erased.by(), *handover.mutable_erasure());
}

}  // namespace

CasePart ResponsibilityEvents() {
  CasePart part;
  part.After(OfHandover(&MoveResponsibility))
      .After(OfHandover(&Acknowledge))
      .After(OfHandover(&LearnLate))
      .After(OfHandover(&Close))
      .After(&Erase)
      .After(OfHandover(&NoteErased));
  return part;
}

}  // namespace exitbus::casework
