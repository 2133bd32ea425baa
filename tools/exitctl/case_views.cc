#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "exitbus/casework/v1/case_service.pb.h"
#include "tools/exitctl/text_table.h"
#include "tools/exitctl/view_parts.h"
#include "tools/exitctl/views.h"

namespace exitbus::exitctl {
namespace {

namespace cv1 = casework::v1;

std::string PersonOf(const cv1::Person& person) {
  return absl::StrCat(person.name(),
                      person.name().empty() || person.cpr_number().empty() ? "" : ", ",
                      person.cpr_number());
}

std::string NumberOf(const std::string& authority, std::uint64_t number) {
  return number == 0 ? authority : absl::StrCat(authority, " (responsibility ", number, ")");
}

std::string ConsentOf(const cv1::Consent& consent) {
  std::vector<std::string> parts;
  if (consent.has_given()) parts.push_back("given " + Moment(true, consent.given()));
  if (consent.covers_size() > 0) {
    parts.push_back("covers " + SaidAll<policy::v1::AuthorityKind>(consent.covers()));
  }
  if (consent.has_revoked()) parts.push_back("revoked " + Moment(true, consent.revoked()));
  return absl::StrJoin(parts, "; ");
}

void AddVisitation(std::string& view, const cv1::Visitation& visitation) {
  AddLine(view, "visitation", Moment(visitation.has_decided(), visitation.decided()));
  AddLine(view, "  affiliation", visitation.affiliation());
  AddLine(view, "  position", visitation.position());
  AddLine(view, "  motivation", visitation.motivation());
  AddLine(view, "  risk", visitation.risk_on_leaving());
  AddLine(view, "  health", visitation.health_needs());
}

void AddAgreement(std::string& view, const cv1::Agreement& agreement) {
  if (agreement.version() == 0) return;
  AddLine(view, "agreement",
          absl::StrCat("version ", agreement.version(), " on ", agreement.template_()));
  AddLine(view, "  citizen", Moment(agreement.has_citizen_signed(), agreement.citizen_signed()));
  AddLine(view, "  coordinator",
          Moment(agreement.has_coordinator_signed(), agreement.coordinator_signed()));
  AddLine(view, "  relapse", agreement.consequences_of_relapse());
  TableRows rows = {
      {"MEASURE", "MODULE", "OWNER", "UNIT", "MONTHS", "FUNDING", "BASIS", "DESCRIPTION", "ID"}};
  for (const cv1::Measure& measure : agreement.measures()) {
    rows.push_back(
        {Said(measure.type()), Said(measure.module()), measure.owner(), Said(measure.unit()),
         measure.months() == 0 ? "" : std::to_string(measure.months()), Said(measure.funding()),
         Said(measure.legal_basis()), measure.description(), measure.measure_id()});
  }
  if (rows.size() > 1) view += TextTable(rows);
}

void AddUnits(std::string& view, const cv1::Case& of) {
  for (const cv1::InvolvedUnit& unit : of.units()) {
    AddLine(
        view, "unit",
        absl::StrCat(Said(unit.function()), ", since ", Moment(unit.has_since(), unit.since())));
  }
  for (const cv1::BreakGlass& one : of.break_glass()) {
    AddLine(view, "break-glass",
            absl::StrCat(one.employee(), " of ", Said(one.function()), ": ", one.reason()));
    AddLine(view, "  asked",
            absl::StrCat(Moment(one.has_requested(), one.requested()), ", for ", one.minutes(),
                         " minutes"));
    AddLine(view, "  approved",
            one.has_approved()
                ? absl::StrCat(Moment(true, one.approved()), " by ", one.approved_by())
                : "");
    AddLine(view, one.has_ended() ? "  ended" : "  until",
            one.has_ended() ? Moment(true, one.ended()) : Moment(one.has_until(), one.until()));
    AddLine(view, "  id", one.break_glass_id());
  }
}

}  // namespace

std::string ViewOf(const cv1::Case& view) {
  std::string text = absl::StrCat("case ", view.case_id(), "\n");
  AddLine(text, "stage", Said(view.stage()));
  AddLine(text, "we are", Said(view.standing()));
  AddLine(text, "responsible", NumberOf(view.responsible(), view.responsibility_number()));
  AddLine(text, "person", PersonOf(view.person()));
  AddLine(text, "address", view.current_address());
  AddLine(text, "consent", ConsentOf(view.consent()));
  AddVisitation(text, view.visitation());
  AddAgreement(text, view.agreement());
  AddLine(text, "release", Moment(view.has_planned_release(), view.planned_release()));
  AddLine(text, "handover", view.handover_id());
  for (const std::string& precaution : view.precautions()) AddLine(text, "precaution", precaution);
  AddLine(text, "police", view.police());
  AddLine(text, "conclusions", view.clarification().conclusions());
  AddSecurity(text, view.security());
  AddUnits(text, view);
  AddBlocked(text, view.blocked());
  AddCorrections(text, view.corrections());
  AddWithheld(text, view.withheld());
  AddLine(text, "etag", view.etag());
  return text;
}

std::string ViewOf(const cv1::ListCasesResponse& list) {
  TableRows rows = {{"CASE", "STAGE", "WE ARE", "RESPONSIBLE", "PERSON", "HANDOVER"}};
  for (const cv1::Case& view : list.cases()) {
    rows.push_back({view.case_id(), Said(view.stage()), Said(view.standing()), view.responsible(),
                    view.person().name(), view.handover_id()});
  }
  return ListOf(rows, list.next_page_token());
}

std::string ViewOf(const cv1::Responsibility& view) {
  std::string text = absl::StrCat("case ", view.case_id(), "\n");
  AddLine(text, "responsible", NumberOf(view.authority(), view.number()));
  AddLine(text, "since", Moment(view.has_since(), view.since()));
  AddLine(text, "fault", view.fault());
  AddLine(text, "statements", absl::StrCat(view.statements_size(), " signed"));
  AddWithheld(text, view.withheld());
  return text;
}

}  // namespace exitbus::exitctl
