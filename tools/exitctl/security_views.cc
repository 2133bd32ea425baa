#include "absl/strings/str_cat.h"
#include "exitbus/contact_point/v1/handover_desk.pb.h"
#include "exitbus/police/v1/security_service.pb.h"
#include "tools/exitctl/text_table.h"
#include "tools/exitctl/view_parts.h"
#include "tools/exitctl/views.h"

namespace exitbus::exitctl {
namespace {

void AddAssessment(std::string& text, const police::v1::SecurityAssessment& assessment) {
  AddLine(
      text, "assessment",
      absl::StrCat("version ", assessment.version(), ", threat ", Said(assessment.threat_level())));
  AddLine(text, "conclusions", assessment.conclusions());
  AddLine(text, "picture", assessment.crime_picture());
  for (const std::string& precaution : assessment.precautions()) {
    AddLine(text, "precaution", precaution);
  }
  AddLine(text, "risk", assessment.risk_of_leaving());
  AddLine(text, "environment", assessment.environment());
  for (const std::string& place : assessment.unsafe_places()) AddLine(text, "unsafe", place);
}

std::string AcknowledgedOf(const police::v1::PrecautionsTold& told) {
  if (!told.acknowledged_by().empty()) return "read by " + told.acknowledged_by();
  return absl::StrCat(told.overdue() ? "overdue since " : "to be read by ",
                      Moment(told.has_due(), told.due()));
}

std::string AssessmentOf(const police::v1::SecurityFile& view) {
  if (view.has_assessment()) return absl::StrCat("version ", view.assessment().version());
  return view.naming() == police::v1::NAMING_REVOKED ? "none can be made" : "to be made";
}

// Its name, or why there is none.
std::string PersonOf(const police::v1::SecurityFile& view) {
  switch (view.naming()) {
    case police::v1::NAMING_NOT_YET:
      return "not named yet";
    case police::v1::NAMING_REVOKED:
      return "not named: the consent was revoked";
    default:
      return view.person().name();
  }
}

const contact_point::v1::Escalation* LastOf(const contact_point::v1::FollowedHandover& view) {
  return view.escalations().empty() ? nullptr : &view.escalations(view.escalations_size() - 1);
}

}  // namespace

void AddSecurity(std::string& view, const casework::v1::SecurityPicture& picture) {
  if (picture.version() == 0) return;
  AddLine(view, "security",
          absl::StrCat("version ", picture.version(), ", threat ", Said(picture.threat_level())));
  for (const std::string& precaution : picture.precautions()) {
    AddLine(view, "  precaution", precaution);
  }
  AddLine(view, "  read",
          picture.acknowledged_by().empty()
              ? "not yet; until " + Moment(picture.has_due(), picture.due())
              : "by " + picture.acknowledged_by());
}

std::string ViewOf(const police::v1::SecurityFile& view) {
  std::string text = absl::StrCat("security file ", view.security_id(), "\n");
  AddLine(text, "we are", Said(view.standing()));
  AddLine(text, "holder", view.holder());
  AddLine(text, "person", PersonOf(view));
  AddLine(text, "cpr", view.person().cpr_number());
  AddLine(text, "address", view.current_address());
  if (view.has_assessment()) {
    AddAssessment(text, view.assessment());
  } else if (view.naming() == police::v1::NAMING_REVOKED) {
    AddLine(text, "to do", "nothing: nobody can be assessed here, and nobody will be named");
  }
  for (const police::v1::PrecautionsTold& told : view.told()) {
    AddLine(
        text, "told",
        absl::StrCat(told.authority(), ", version ", told.version(), ": ", AcknowledgedOf(told)));
  }
  if (view.has_transfer()) {
    AddLine(text, "handover",
            absl::StrCat(view.transfer().handover_id(), ", ", Said(view.transfer().stage()), ", ",
                         view.transfer().holder(), " to ", view.transfer().receiver()));
    AddLine(text, "other unit", view.transfer().counterpart());
  }
  AddLine(text, "basis", Said(view.legal_basis()));
  AddLine(text, "  revoked", Moment(view.has_consent_revoked(), view.consent_revoked()));
  AddBlocked(text, view.blocked());
  AddCorrections(text, view.corrections());
  AddWithheld(text, view.withheld());
  AddLine(text, "etag", view.etag());
  return text;
}

std::string ViewOf(const police::v1::ListSecurityFilesResponse& list) {
  TableRows rows = {{"FILE", "WE ARE", "HOLDER", "PERSON", "ASSESSMENT", "PRECAUTIONS"}};
  for (const police::v1::SecurityFile& view : list.files()) {
    std::string told;
    for (const police::v1::PrecautionsTold& row : view.told()) {
      absl::StrAppend(&told, told.empty() ? "" : "; ", row.authority(), " ", AcknowledgedOf(row));
    }
    rows.push_back({view.security_id(), Said(view.standing()), view.holder(), PersonOf(view),
                    AssessmentOf(view), told});
  }
  return ListOf(rows, list.next_page_token());
}

std::string ViewOf(const contact_point::v1::FollowedHandover& view) {
  std::string text = absl::StrCat("handover ", view.contact_id(), "\n");
  AddLine(text, "stage", Said(view.stage()));
  AddLine(text, "holder", view.holder());
  AddLine(text, "receiver", view.receiver());
  AddLine(text, "taken over", Moment(view.has_taken_over(), view.taken_over()));
  for (const contact_point::v1::Escalation& escalation : view.escalations()) {
    AddLine(
        text, "escalated",
        absl::StrCat("waited for the ", Said(escalation.waiting_for()), " until ",
                     Moment(escalation.has_due(), escalation.due()), "; ",
                     escalation.has_answered() ? "answered " + Moment(true, escalation.answered())
                                               : "not answered",
                     "; ", escalation.nudges_size(), " nudges"));
  }
  for (const contact_point::v1::Note& note : view.notes()) {
    AddLine(text, "note",
            absl::StrCat(Moment(note.has_recorded(), note.recorded()), ", ", note.employee(), ": ",
                         note.text()));
  }
  AddWithheld(text, view.withheld());
  AddLine(text, "etag", view.etag());
  return text;
}

std::string ViewOf(const contact_point::v1::ListFollowedHandoversResponse& list) {
  TableRows rows = {{"HANDOVER", "STAGE", "HOLDER", "RECEIVER", "WAITS FOR", "SINCE", "NUDGES"}};
  for (const contact_point::v1::FollowedHandover& view : list.handovers()) {
    const contact_point::v1::Escalation* last = LastOf(view);
    const bool open = last != nullptr && !last->has_answered();
    rows.push_back({view.contact_id(), Said(view.stage()), view.holder(), view.receiver(),
                    open ? Said(last->waiting_for()) : "",
                    open ? Moment(last->has_due(), last->due()) : "",
                    open ? std::to_string(last->nudges_size()) : ""});
  }
  return ListOf(rows, list.next_page_token());
}

}  // namespace exitbus::exitctl
