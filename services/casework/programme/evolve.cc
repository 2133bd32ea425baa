#include "services/casework/parts.h"
#include "services/casework/rules.h"
#include "services/policy/copy.h"

namespace exitbus::casework {
namespace {

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
  if (file.stage() != cv1::CASE_STAGE_ACTIVE) file.set_stage(cv1::CASE_STAGE_ENROLLED);
}

void Leave(jv1::CaseFile& file, const jv1::ProgrammeWithdrawn& withdrawn) {
  file.set_stage(cv1::CASE_STAGE_WITHDRAWN);
  file.clear_paused();
  file.clear_reported_withdrawal();
  file.mutable_end()->set_code(cv1::END_CODE_WITHDRAWN);
  *file.mutable_end()->mutable_ended() = withdrawn.withdrawn();
  *file.mutable_follow_ups() = withdrawn.follow_ups();
}

void Start(jv1::CaseFile& file, const jv1::ProgrammeStarted& started) {
  *file.mutable_started() = started.started();
  file.set_stage(cv1::CASE_STAGE_ACTIVE);
}

void Pause(jv1::CaseFile& file, const jv1::ProgrammePaused& paused) {
  *file.mutable_paused() = paused.paused();
}

void Resume(jv1::CaseFile& file, const jv1::ProgrammeResumed&) { file.clear_paused(); }

void End(jv1::CaseFile& file, const jv1::ProgrammeEnded& ended) {
  file.set_stage(cv1::CASE_STAGE_ENDED);
  file.clear_paused();
  file.clear_reported_withdrawal();
  *file.mutable_end() = ended.end();
  *file.mutable_follow_ups() = ended.follow_ups();
}

void Change(jv1::CaseFile& file, const jv1::ProgrammeChanged& changed) {
  file.set_programme(changed.programme());
  *file.mutable_opens() = changed.opens();
  if (!changed.overview_id().empty()) file.set_overview_id(changed.overview_id());
}

}  // namespace

CasePart ProgrammeEvents() {
  CasePart part;
  part.After(&Open).After(&Visit).After(&Enrol).After(&Leave);
  part.After(&Start).After(&Pause).After(&Resume).After(&End).After(&Change);
  return part;
}

}  // namespace exitbus::casework
