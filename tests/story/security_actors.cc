// What actors do about security, and at the contact point's desk.
#include "tests/story/actors.h"
#include "tests/story/calls.h"

namespace exitbus::story {
namespace {

constexpr std::string_view kSecurityService = "exitbus.police.v1.SecurityService.";
constexpr std::string_view kDeskService = "exitbus.contact_point.v1.HandoverDeskService.";

}  // namespace

absl::StatusOr<cv1::Case> Actor::AskPolice(const std::string& case_id) {
  return OnCase("RequestPoliceClarification", cv1::RequestPoliceClarificationRequest(), case_id);
}

absl::StatusOr<cv1::Case> Actor::AcknowledgePrecautions(const std::string& case_id,
                                                        std::uint32_t version) {
  cv1::AcknowledgePrecautionsRequest request;
  request.set_version(version);
  return OnCase("AcknowledgePrecautions", std::move(request), case_id);
}

absl::StatusOr<hv1::Handover> Actor::AcknowledgeReceived(const std::string& handover_id,
                                                         std::uint32_t version) {
  hv1::AcknowledgePrecautionsRequest request;
  request.set_version(version);
  return OnHandover("AcknowledgePrecautions", std::move(request), handover_id);
}

absl::StatusOr<plv1::SecurityFile> Actor::Assess(const std::string& security_id,
                                                 const plv1::SecurityAssessment& assessment) {
  plv1::DeliverAssessmentRequest request;
  request.set_security_id(security_id);
  *request.mutable_assessment() = assessment;
  return Change<plv1::SecurityFile>(In(kSecurityService, "DeliverAssessment"), std::move(request));
}

absl::StatusOr<plv1::SecurityFile> Actor::TransferAssessment(const std::string& security_id) {
  plv1::TransferAssessmentRequest request;
  request.set_security_id(security_id);
  return Change<plv1::SecurityFile>(In(kSecurityService, "TransferAssessment"), std::move(request));
}

absl::StatusOr<plv1::SecurityFile> Actor::GetSecurityFile(const std::string& security_id) {
  plv1::GetSecurityFileRequest request;
  request.set_security_id(security_id);
  return Ask<plv1::SecurityFile>(In(kSecurityService, "GetSecurityFile"), request);
}

absl::StatusOr<plv1::SecurityFile> Actor::FindFileInCharge(const std::string& cpr_number) {
  plv1::ListSecurityFilesRequest request;
  request.set_standing(plv1::POLICE_STANDING_IN_CHARGE);
  ASSIGN_OR_RETURN(
      const auto files,
      List<plv1::SecurityFile>(In(kSecurityService, "ListSecurityFiles"), std::move(request)));
  for (const plv1::SecurityFile& file : files) {
    if (file.person().cpr_number() == cpr_number) return file;
  }
  return absl::NotFoundError(id() + " is in charge of no such person's security");
}

absl::StatusOr<dv1::MonitoredHandover> Actor::Nudge(const std::string& contact_id) {
  dv1::NudgeHandoverRequest request;
  request.set_contact_id(contact_id);
  return Change<dv1::MonitoredHandover>(In(kDeskService, "NudgeHandover"), std::move(request));
}

absl::StatusOr<dv1::MonitoredHandover> Actor::RecordNote(const std::string& contact_id,
                                                         const std::string& text) {
  dv1::RecordNoteRequest request;
  request.set_contact_id(contact_id);
  request.set_text(text);
  return Change<dv1::MonitoredHandover>(In(kDeskService, "RecordNote"), std::move(request));
}

absl::StatusOr<dv1::MonitoredHandover> Actor::GetMonitored(const std::string& contact_id) {
  dv1::GetMonitoredHandoverRequest request;
  request.set_contact_id(contact_id);
  return Ask<dv1::MonitoredHandover>(In(kDeskService, "GetMonitoredHandover"), request);
}

absl::StatusOr<std::vector<dv1::MonitoredHandover>> Actor::ListMonitored(bool escalated_only) {
  dv1::ListMonitoredHandoversRequest request;
  request.set_escalated_only(escalated_only);
  return List<dv1::MonitoredHandover>(In(kDeskService, "ListMonitoredHandovers"),
                                      std::move(request));
}

absl::StatusOr<Arrival<plv1::SecurityFile>> Actor::AwaitSecurityFile(
    const std::string& security_id, absl::Time since, const std::string& what,
    const std::function<bool(const plv1::SecurityFile&)>& holds) {
  return Await<plv1::SecurityFile>([&] { return GetSecurityFile(security_id); }, since,
                                   id() + ": " + what, holds);
}

absl::StatusOr<Arrival<plv1::SecurityFile>> Actor::AwaitFileInCharge(const std::string& cpr_number,
                                                                     absl::Time since) {
  return Await<plv1::SecurityFile>([&] { return FindFileInCharge(cpr_number); }, since,
                                   id() + ": to be in charge",
                                   [](const plv1::SecurityFile&) { return true; });
}

absl::StatusOr<Arrival<dv1::MonitoredHandover>> Actor::AwaitEscalated(
    absl::Time since, const std::function<bool(const dv1::MonitoredHandover&)>& fits) {
  const auto find = [&]() -> absl::StatusOr<dv1::MonitoredHandover> {
    ASSIGN_OR_RETURN(const auto escalated, ListMonitored(true));
    for (const dv1::MonitoredHandover& followed : escalated) {
      if (fits(followed)) return followed;
    }
    return absl::NotFoundError("no such handover is escalated");
  };
  return Await<dv1::MonitoredHandover>(find, since, id() + ": an escalation is listed",
                                       [](const dv1::MonitoredHandover&) { return true; });
}

absl::StatusOr<Arrival<dv1::MonitoredHandover>> Actor::AwaitMonitored(
    const std::string& contact_id, absl::Time since, const std::string& what,
    const std::function<bool(const dv1::MonitoredHandover&)>& holds) {
  return Await<dv1::MonitoredHandover>([&] { return GetMonitored(contact_id); }, since,
                                       id() + ": " + what, holds);
}

}  // namespace exitbus::story
