// The case itself: what its people do, and what events make of it.
#include "exitbus/casework/v1/case_service.pb.h"
#include "exitbus/kriminalforsorgen/v1/release_service.pb.h"
#include "services/casework/case_files.h"
#include "services/casework/handover/responsibility.h"
#include "services/casework/methods.h"
#include "services/casework/programme/programme.h"

namespace exitbus::casework {
namespace {

using exchange::Message;
using exchange::Needs;

std::string NewCase(const v1::OpenCaseRequest&) { return ""; }

std::unique_ptr<Message> ListView(const jv1::CaseFile& file, std::string_view,
                                  const v1::ListCasesRequest& asked) {
  const bool left_out =
      asked.standing() != cv1::STANDING_UNSPECIFIED && asked.standing() != file.standing();
  return left_out ? nullptr : CaseView(file);
}

std::vector<std::string> Names(const jv1::CaseFile& file, const exchange::Lookup& lookup) {
  std::vector<std::string> names;
  if (!file.case_id().empty() && file.standing() != cv1::STANDING_RECEIVING) {
    names.push_back("case/" + file.case_id());
  }
  if (file.standing() != cv1::STANDING_RESPONSIBLE) return names;
  names.push_back("responsible/" + file.case_id());
  if (file.stage() != cv1::CASE_STAGE_WITHDRAWN) {
    names.push_back("person/" + lookup.PersonKey(file.person().cpr_number()));
  }
  return names;
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

CasePart ProgrammePart() {
  CasePart part;
  part.Named(&Names)
      .Serve<v1::OpenCaseRequest>(
          {.target = &NewCase, .decide = &OpenCase, .view = &CaseView, .needs = Needs::kInstant})
      .Serve<v1::GetCaseRequest>({.target = &ByCase, .view = &CaseView})
      .List<v1::ListCasesRequest>(
          {.prefix = "case/",
           .view = &ListView,
           .watch = exchange::MethodOf(v1::WatchCasesRequest::descriptor())})
      .Serve<v1::GetResponsibilityRequest>({.target = &ByCase, .view = &ResponsibilityView})
      .Serve(OnCase({&kResponsible, &kInProgramme, &kNotYetVisited, &kHasBasis}, &DecideVisitation))
      .Serve(OnCase({&kResponsible, &kInProgramme, &kVisited, &kNotFrozen}, &SignAgreement))
      .Serve(OnCase({&kResponsible, &kInProgramme, &kNoWithdrawalOnItsWay}, &RecordWithdrawal))
      .After(&Open)
      .After(&Visit)
      .After(&Enrol)
      .After(&Leave)
      .After(&Plan);
  return part;
}

CasePart ReleasePart() {
  CasePart part;
  part.Serve(OnCase({&kResponsible, &kInProgramme, &kNotFrozen}, &PlanRelease));
  return part;
}

}  // namespace exitbus::casework
