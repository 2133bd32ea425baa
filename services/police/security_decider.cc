#include "services/police/security_decider.h"

#include <string>

#include "exitbus/police/v1/security_service.pb.h"
#include "exitbus/policy/v1/policy.pb.h"
#include "services/exchange/outgoing.h"
#include "services/exchange/proto_time.h"
#include "services/police/consent_and_corrections.h"
#include "services/police/parts.h"
#include "services/police/security_file.h"
#include "services/police/telling.h"

namespace exitbus::police {
namespace {

using exchange::Decision;
using exchange::DecisionContext;

// It is told to the other district's unit as it stands then, with the person, as a letter asks for
// it: nobody can shorten it at that time.
constexpr std::size_t kAssessmentBytesMax = exchange::kLetterBytesMax - 64 * 1024;

Decision Invalid(std::string_view rule, std::string_view remedy) {
  return Decision::Refuse(rule, remedy, absl::StatusCode::kInvalidArgument);
}

}  // namespace

Decision NotInCharge() {
  return Decision::Refuse("security.not_in_charge",
                          "Only the unit in charge of the candidate's security does this.");
}

Decision ProgrammeOver() {
  return Decision::Refuse(
      "security.programme_over",
      "The citizen's programme is over: nobody plans by an assessment any more, "
      "and nobody moves. A stay that was begun is ended as any other.");
}

Decision DeliverAssessment(const jv1::SecurityFile& file,
                           const v1::DeliverAssessmentRequest& request,
                           const DecisionContext& context) {
  if (file.standing() != v1::POLICE_STANDING_IN_CHARGE) return NotInCharge();
  if (NamingIn(file) == v1::NAMING_REVOKED && !file.has_assessment()) {
    return Decision::Refuse(
        "security.nobody_named",
        "The citizen has revoked the consent that the person was named on, so that this unit is "
        "not told whom the file is about. The case goes its way without an assessment until the "
        "authority in charge asks anew, on a consent that covers the police or on a law.");
  }
  if (IsOver(file.stage())) return ProgrammeOver();
  const v1::SecurityAssessment& given = request.assessment();
  if (given.threat_level() == casework::v1::THREAT_LEVEL_UNSPECIFIED) {
    return Invalid("security.threat_level_required", "Say how threatened the candidate is.");
  }
  if (given.conclusions().empty()) {
    return Invalid("security.conclusions_required",
                   "Give the conclusions that the plan can rest on (VIS-06).");
  }
  if (given.precautions().empty()) {
    return Invalid("security.precautions_required",
                   "Say what to do, if only that nothing special is needed (SEC-02).");
  }
  if (given.ByteSizeLong() > kAssessmentBytesMax) {
    return Invalid("security.assessment_too_large",
                   "A unit that takes the case over gets the whole assessment in one letter, which "
                   "does not hold this (some 900 kB). Shorten the texts.");
  }
  jv1::SecurityEvent event;
  v1::SecurityAssessment& assessment = *event.mutable_assessment_made()->mutable_assessment();
  assessment = given;
  assessment.set_version(file.assessment().version() + 1);
  *assessment.mutable_made() = exchange::ToProto(context.now);
  Decision decision;
  decision.AddEvent(event);
  const auto after = After(file, decision);
  NotifyConclusions(*after, context, decision);
  NotifyPrecautions(*after, context, decision);
  if (const jv1::Transfer* open = OpenTransfer(*after)) {
    const bool accepted = open->seen().stage() != v1::TRANSFER_STAGE_REQUESTED;
    if (open->seen().counterpart().empty()) {
      if (accepted) NotifyReceiver(*after, *open, context, decision);
    } else if (open->seen().transferred_version() > 0 ||
               open->seen().stage() == v1::TRANSFER_STAGE_OFFERED) {
      Transfer(*after, *open, decision);
    }
  }
  return decision;
}

Decision TransferAssessment(const jv1::SecurityFile& file, const v1::TransferAssessmentRequest&,
                            const DecisionContext&) {
  if (file.standing() != v1::POLICE_STANDING_IN_CHARGE) return NotInCharge();
  const jv1::Transfer* open = OpenTransfer(file);
  if (open == nullptr || open->seen().counterpart().empty()) {
    return Decision::Refuse("security.no_transfer_open",
                            "No handover of this case to another police district is open.");
  }
  if (open->seen().stage() == v1::TRANSFER_STAGE_REQUESTED) {
    return Decision::Refuse(
        "security.not_accepted",
        "Nothing about a person goes to the other district before the receiver of the "
        "case has accepted it.");
  }
  if (!file.has_assessment()) {
    return Decision::Refuse("security.assessment_required",
                            "Make the assessment first: DeliverAssessment.");
  }
  if (open->seen().transferred_version() == file.assessment().version()) {
    return Decision::Refuse("security.already_transferred",
                            "This version has gone there. A new one goes by itself.");
  }
  Decision decision;
  Transfer(file, *open, decision);
  return decision;
}

}  // namespace exitbus::police
