#include "services/casework/parts.h"
#include "services/casework/rules.h"
#include "services/policy/copy.h"

namespace exitbus::casework {
namespace {

void Open(jv1::CaseFile& file, const jv1::CaseOpened& opened) {
  policy::CopyAlike(opened, file);
  file.set_standing(cv1::STANDING_RESPONSIBLE);
  file.set_stage(cv1::CASE_STAGE_REFERRED);
  file.set_responsible(opened.holder());
  file.set_number(1);
  file.set_highest_number(1);
  file.add_statements(opened.opening());
}

void Visit(jv1::CaseFile& file, const jv1::VisitationMade& made) {
  *file.mutable_visitation() = made.visitation();
  file.set_stage(cv1::CASE_STAGE_VISITED);
}

void Enrol(jv1::CaseFile& file, const jv1::AgreementPutInForce& put_in_force) {
  *file.mutable_agreement() = put_in_force.agreement();
  file.set_stage(cv1::CASE_STAGE_ENROLLED);
}

void Leave(jv1::CaseFile& file, const jv1::ProgrammeWithdrawn&) {
  file.set_stage(cv1::CASE_STAGE_WITHDRAWN);
  file.clear_reported_withdrawal();
}

void Plan(jv1::CaseFile& file, const jv1::ReleasePlanned& planned) {
  *file.mutable_planned_release() = planned.planned_release();
}

}  // namespace

CasePart ProgrammeEvents() {
  CasePart part;
  part.After(&Open).After(&Visit).After(&Enrol).After(&Leave).After(&Plan);
  return part;
}

}  // namespace exitbus::casework
