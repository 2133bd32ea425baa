#include "services/casework/parts.h"
#include "services/casework/programme/programme.h"
#include "services/casework/rules.h"
#include "services/exchange/obligation.h"
#include "services/exchange/proto_time.h"
#include "services/policy/copy.h"

namespace exitbus::casework {
namespace {

constexpr char kReview[] = "review";

// Instead of what was owed before.
template <class Event>
void OweReview(const Event& event, jv1::CaseFile& file) {
  file.clear_course_review();
  if (!event.has_review()) return;
  *file.mutable_course_review() =
      exchange::OwedBy(file.responsible(), kReview, exchange::FromProto(event.review()));
}

void Open(jv1::CaseFile& file, const jv1::CaseOpened& opened) {
  policy::CopyAlike(opened, file);
  if (opened.has_referral()) *file.mutable_intake()->mutable_referral() = opened.referral();
  if (opened.has_brought_in()) *file.mutable_intake()->mutable_brought_in() = opened.brought_in();
  file.set_standing(cv1::STANDING_RESPONSIBLE);
  file.set_stage(cv1::CASE_STAGE_REFERRED);
  file.set_responsible(opened.holder());
  file.set_number(1);
  file.set_highest_number(1);
  file.add_statements(opened.opening());
}

void Visit(jv1::CaseFile& file, const jv1::VisitationMade& made) {
  *file.mutable_visitation() = made.visitation();
  file.mutable_intake()->clear_proposed_visitation();
  file.set_stage(cv1::CASE_STAGE_VISITED);
}

void Enrol(jv1::CaseFile& file, const jv1::AgreementPutInForce& put_in_force) {
  *file.mutable_agreement() = put_in_force.agreement();
  if (file.stage() == cv1::CASE_STAGE_ACTIVE) OweReview(put_in_force, file);
  ExpectToBegin(file);
  if (file.stage() != cv1::CASE_STAGE_ACTIVE) file.set_stage(cv1::CASE_STAGE_ENROLLED);
}

void Leave(jv1::CaseFile& file, const jv1::ProgrammeWithdrawn& withdrawn) {
  file.set_stage(cv1::CASE_STAGE_WITHDRAWN);
  file.clear_paused();
  file.clear_pause_requested();
  file.clear_reported_withdrawal();
  file.mutable_end()->set_code(cv1::END_CODE_WITHDRAWN);
  *file.mutable_end()->mutable_ended() = withdrawn.withdrawn();
  *file.mutable_follow_ups() = withdrawn.follow_ups();
}

void Start(jv1::CaseFile& file, const jv1::ProgrammeStarted& started) {
  *file.mutable_started() = started.started();
  OweReview(started, file);
  file.set_stage(cv1::CASE_STAGE_ACTIVE);
}

void Pause(jv1::CaseFile& file, const jv1::ProgrammePaused& paused) {
  *file.mutable_paused() = paused.paused();
  file.clear_pause_requested();
}

void Resume(jv1::CaseFile& file, const jv1::ProgrammeResumed&) { file.clear_paused(); }

void End(jv1::CaseFile& file, const jv1::ProgrammeEnded& ended) {
  file.set_stage(cv1::CASE_STAGE_ENDED);
  file.clear_paused();
  file.clear_pause_requested();
  file.clear_reported_withdrawal();
  *file.mutable_end() = ended.end();
  *file.mutable_follow_ups() = ended.follow_ups();
}

void Change(jv1::CaseFile& file, const jv1::ProgrammeChanged& changed) {
  file.set_programme(changed.programme());
  *file.mutable_opens() = changed.opens();
  if (!changed.overview_id().empty()) file.set_overview_id(changed.overview_id());
  OweReview(changed, file);
}

std::vector<exchange::NamedObligation> ReviewOwed(const jv1::CaseFile& file) {
  // While the case is offered nothing can be agreed.
  const bool goes_on = file.standing() == cv1::STANDING_RESPONSIBLE &&
                       file.stage() == cv1::CASE_STAGE_ACTIVE && !IsFrozen(file);
  if (!goes_on) return {};
  return {{kReview, &file.course_review()}};
}

}  // namespace

CasePart ProgrammeEvents() {
  CasePart part;
  part.After(&Open).After(&Visit).After(&Enrol).After(&Leave);
  part.After(&Start).After(&Pause).After(&Resume).After(&End).After(&Change);
  part.Obligations("course.review_overdue", &ReviewOwed);
  return part;
}

}  // namespace exitbus::casework
