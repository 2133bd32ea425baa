// How far the course is, as the authority in charge tells.
#include "services/police/programme.h"

#include "absl/algorithm/container.h"
#include "exitbus/casework/v1/contact_person.pb.h"
#include "exitbus/nec/v1/messages.pb.h"
#include "services/police/consent_and_corrections.h"
#include "services/police/parts.h"
#include "services/police/security_file.h"
#include "services/weekly_report/reports.h"

namespace exitbus::police {
namespace {

namespace cv1 = casework::v1;
using exchange::Decision;

Decision Learn(const SecurityLetter& letter, cv1::CaseStage stage) {
  if (auto instead = NotOfCaseInCharge(letter)) return *std::move(instead);
  // An agreement is signed anew in a course that has been started.
  if (!IsFurther(stage, letter.state.stage())) return Decision::NoEffect("stage_known");
  jv1::SecurityEvent event;
  event.mutable_stage_learnt()->set_stage(stage);
  event.mutable_stage_learnt()->set_paused(letter.state.paused() && !IsOver(stage));
  return Decision().AddEvent(event);
}

Decision OnStage(const SecurityLetter& letter, const nec::v1::ProgrammeStageReached& message) {
  if (auto instead = NotOfCaseInCharge(letter)) return *std::move(instead);
  jv1::SecurityEvent event;
  jv1::StageLearnt& learnt = *event.mutable_stage_learnt();
  learnt.set_stage(message.stage());
  learnt.set_paused(message.paused());
  learnt.set_end(message.end());
  return Decision().AddEvent(event);
}

Decision OnVisited(const SecurityLetter& letter, const nec::v1::VisitationDecided&) {
  return Learn(letter, cv1::CASE_STAGE_VISITED);
}
// A new agreement has other documents, in a course that may have been started long ago.
Decision OnEnrolled(const SecurityLetter& letter, const nec::v1::AgreementSigned& message) {
  Decision decision = Learn(letter, cv1::CASE_STAGE_ENROLLED);
  const bool are_known = absl::c_equal(message.document_digests(), letter.state.document_digests());
  if (are_known || NotOfCaseInCharge(letter)) return decision;
  jv1::SecurityEvent event;
  *event.mutable_document_digests_learnt()->mutable_document_digests() = message.document_digests();
  if (!decision.no_effect().empty()) decision = Decision();
  return decision.AddEvent(event);
}
Decision OnWithdrawn(const SecurityLetter& letter, const nec::v1::CitizenWithdrew&) {
  return Learn(letter, cv1::CASE_STAGE_WITHDRAWN);
}

Decision OnContactPerson(const SecurityLetter& letter, const cv1::ContactPersonNamed& message) {
  if (auto instead = NotOfCaseInCharge(letter)) return *std::move(instead);
  jv1::SecurityEvent event;
  jv1::ContactPersonLearnt& learnt = *event.mutable_contact_person_learnt();
  if (message.has_contact_person()) *learnt.mutable_contact_person() = message.contact_person();
  return Decision().AddEvent(event);
}

void LearnContactPerson(jv1::SecurityFile& file, const jv1::ContactPersonLearnt& learnt) {
  file.clear_contact_person();
  if (learnt.has_contact_person()) *file.mutable_contact_person() = learnt.contact_person();
}

void LearnDigests(jv1::SecurityFile& file, const jv1::DocumentDigestsLearnt& learnt) {
  *file.mutable_document_digests() = learnt.document_digests();
}

void Note(jv1::SecurityFile& file, const jv1::StageLearnt& learnt) {
  file.set_stage(learnt.stage());
  file.set_paused(learnt.paused());
  file.set_end(learnt.end());
  if (file.paused() || IsOver(file.stage())) {
    file.clear_pause_requested();
    file.clear_pause_declined();
  }
  if (!IsOver(file.stage())) return;
  if (file.has_weekly_reports()) weekly_report::End(*file.mutable_weekly_reports());
  file.clear_nec_inquiry();
  file.clear_place_checks();
  file.clear_released();
}

}  // namespace

std::optional<Decision> NotOfCaseInCharge(const SecurityLetter& letter) {
  const jv1::SecurityFile& file = letter.state;
  if (file.security_id().empty()) {
    // What came before it in this correspondence was withheld; what was told elsewhere is on its
    // way.
    return letter.place.number > 1 ? Decision::NoEffect("stage_of_nobody_named") : Decision::Park();
  }
  if (letter.place.subject != file.security_id()) {
    return Decision::Refuse(
        "letter.not_under_the_cases_id",
        "The police unit hears how a case goes under its own id of the case, not "
        "under a handover's.");
  }
  if (file.standing() == v1::POLICE_STANDING_ENDED) return Decision::NoEffect("stage_crossed_end");
  const bool in_charge =
      file.standing() == v1::POLICE_STANDING_IN_CHARGE && letter.place.sender == file.holder();
  if (!in_charge) {
    return IsOrWasHolder(file, letter.place.sender) ? Decision::NoEffect("stage_crossed_take_over")
                                                    : Decision::Park();  // its take-over comes
  }
  return std::nullopt;
}

SecurityPart Programme() {
  SecurityPart part;
  part.On(&OnVisited).On(&OnEnrolled).On(&OnWithdrawn).On(&OnStage).After(&Note);
  part.On(&OnContactPerson).After(&LearnContactPerson).After(&LearnDigests);
  return part;
}

}  // namespace exitbus::police
