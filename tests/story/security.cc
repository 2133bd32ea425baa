// The steps about the person's security: what the police assess, who is told how much of it, and
// how it goes with the case from one district's unit to the other's.
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "services/exchange/ports/status_macros.h"
#include "tests/story/checks.h"
#include "tests/story/story.h"

namespace exitbus::story {
namespace {

const std::vector<std::string>& PoliceOnly() {
  static const auto* words =
      new std::vector<std::string>{"risk of leaving", "environment", "unsafe places"};
  return *words;
}

// Whose acknowledgement of which version the unit has.
bool IsAcknowledged(const plv1::SecurityFile& file, const Actor* by, std::uint32_t version) {
  for (const plv1::PrecautionsRecipient& recipient : file.precautions_recipients()) {
    if (recipient.authority() == by->id() && recipient.version() == version) {
      return recipient.acknowledged_by() == by->member().employee;
    }
  }
  return false;
}

std::function<bool(const plv1::SecurityFile&)> StandingIs(plv1::PoliceStanding standing) {
  return [standing](const plv1::SecurityFile& file) { return file.standing() == standing; };
}

}  // namespace

Actor* Story::ErasureScopeOf(const Actor* authority) const {
  return authority->member().district == fyn_->member().district ? fyn_.get() : vestegnen_.get();
}

plv1::SecurityAssessment Story::AssessmentOf(std::uint32_t version) const {
  plv1::SecurityAssessment assessment;
  assessment.set_threat_level(cv1::THREAT_LEVEL_MEDIUM);
  assessment.set_conclusions(absl::StrCat("Exit kan planlægges (opdigtet, ", version, ")"));
  assessment.add_precautions(absl::StrCat("Mød kun to sammen (opdigtet, ", version, ")"));
  assessment.set_environment(environment_);
  assessment.set_risk_of_leaving(risk_);
  assessment.add_unsafe_places(environment_);
  return Worded(assessment);
}

absl::Status Story::Assess(Actor* holder) {
  Unit& unit = in_charge_;
  ASSIGN_OR_RETURN(const plv1::SecurityFile made,
                   unit.police->Assess(unit.file, AssessmentOf(unit.version + 1)));
  RETURN_IF_ERROR(
      Check(made.assessment().version() == unit.version + 1, "versions follow one another", made));
  unit.version = made.assessment().version();
  say_->Did(Nick(unit.police),
            absl::StrCat("assesses the person's security, version ", unit.version),
            unit.police->took());
  RETURN_IF_ERROR(AwaitTold(holder, unit.police->sent()));
  return Read(holder);
}

absl::Status Story::AwaitTold(Actor* holder, absl::Time since) {
  const Unit& unit = in_charge_;
  ASSIGN_OR_RETURN(
      const auto told,
      holder->AwaitCase(case_id_, since, "the police's word is there", [&](const cv1::Case& seen) {
        return seen.police() == unit.police->id() &&
               seen.clarification().version() == unit.version &&
               seen.security().version() == unit.version;
      }));
  say_->Hop(Nick(unit.police), Nick(holder), "PoliceClarificationDelivered, SecurityPictureChanged",
            told.took);
  const plv1::SecurityAssessment made = AssessmentOf(unit.version);
  RETURN_IF_ERROR(Check(told.view.clarification().conclusions() == made.conclusions() &&
                            told.view.security().precautions_size() == 1 &&
                            told.view.security().precautions(0) == made.precautions(0),
                        "the holder has conclusions and precautions", told.view));
  for (const std::string& text : {environment_, risk_}) {
    RETURN_IF_ERROR(Check(!absl::StrContains(told.view.SerializeAsString(), text),
                          "what is the police's alone stays there", told.view));
  }
  std::vector<std::string> seen = ShownIn(told.view.clarification());
  for (const std::string& word : ShownIn(told.view.security())) seen.push_back(word);
  say_->Sees(Nick(holder), seen);
  say_->SeesNot(Nick(holder), PoliceOnly());
  return absl::OkStatus();
}

absl::Status Story::Read(Actor* holder) {
  const Unit& unit = in_charge_;
  RETURN_IF_ERROR(holder->AcknowledgePrecautions(case_id_, unit.version).status());
  say_->Did(Nick(holder), holder->member().employee + " has read the precautions", holder->took());
  ASSIGN_OR_RETURN(const auto heard, unit.police->AwaitSecurityFile(
                                         unit.file, holder->sent(), "it is acknowledged",
                                         [&](const plv1::SecurityFile& file) {
                                           return IsAcknowledged(file, holder, unit.version);
                                         }));
  say_->Hop(Nick(holder), Nick(unit.police), "PrecautionsAcknowledged, by name", heard.took);
  return absl::OkStatus();
}

absl::Status Story::MeetUnit(const Handing& handing) {
  const Unit& unit = in_charge_;
  Actor* const next = ErasureScopeOf(handing.receiver);
  const absl::Time sent = handing.holder->sent();
  ASSIGN_OR_RETURN(const auto met,
                   next->AwaitSecurityFile(handing.id, sent, "the handover is known",
                                           StandingIs(plv1::POLICE_STANDING_RECEIVING)));
  say_->Hop(Nick(handing.holder), Nick(next), "HandoverRequested, to the other district's unit",
            met.took);
  RETURN_IF_ERROR(Check(
      !met.view.has_person() && met.view.current_address().empty() && !met.view.has_assessment(),
      "before acceptance the other unit knows codes only", met.view));
  say_->Sees(Nick(next), ShownIn(met.view));
  say_->SeesNot(Nick(next), {"name", "CPR number", "address", "assessment"});
  RETURN_IF_ERROR(unit.police
                      ->AwaitSecurityFile(unit.file, sent, "the handover is known",
                                          [&](const plv1::SecurityFile& file) {
                                            return file.transfer().handover_id() == handing.id;
                                          })
                      .status());
  return CheckRefusal(unit.police->TransferAssessment(unit.file).status(), "security.not_accepted");
}

absl::Status Story::TransferAssessment(const Handing& handing) {
  const Unit& unit = in_charge_;
  const auto& [holder, receiver, id] = handing;
  Actor* const next = ErasureScopeOf(receiver);
  RETURN_IF_ERROR(unit.police
                      ->AwaitSecurityFile(unit.file, receiver->sent(), "the acceptance is known",
                                          [](const plv1::SecurityFile& file) {
                                            return file.transfer().stage() ==
                                                   plv1::TRANSFER_STAGE_ACCEPTED;
                                          })
                      .status());
  ASSIGN_OR_RETURN(const plv1::SecurityFile sent, unit.police->TransferAssessment(unit.file));
  const absl::Time since = unit.police->sent();
  say_->Did(Nick(unit.police), "hands the assessment to the other district, police to police",
            unit.police->took());
  RETURN_IF_ERROR(Check(sent.standing() == plv1::POLICE_STANDING_IN_CHARGE,
                        "the unit stays in charge until the case is taken over", sent));
  ASSIGN_OR_RETURN(const auto arrived, next->AwaitSecurityFile(id, since, "the assessment is there",
                                                               [](const plv1::SecurityFile& file) {
                                                                 return file.has_assessment();
                                                               }));
  say_->Hop(Nick(unit.police), Nick(next), "SecurityAssessmentTransferred, whole, with identity",
            arrived.took);
  RETURN_IF_ERROR(
      Check(arrived.view.standing() == plv1::POLICE_STANDING_RECEIVING &&
                arrived.view.person().cpr_number() == person_.cpr_number() &&
                absl::StrContains(arrived.view.assessment().environment(), environment_) &&
                absl::StrContains(arrived.view.assessment().risk_of_leaving(), risk_),
            "it is this person's, and whole", arrived.view));
  say_->Sees(Nick(next), ShownIn(arrived.view));
  RETURN_IF_ERROR(
      CheckRefusal(next->Assess(id, AssessmentOf(1)).status(), "security.not_in_charge"));
  ASSIGN_OR_RETURN(const auto told, receiver->AwaitHandover(id, since, "the precautions are there",
                                                            [&](const hv1::Handover& seen) {
                                                              return seen.security().version() ==
                                                                     unit.version;
                                                            }));
  say_->Hop(Nick(next), Nick(receiver), "SecurityPictureChanged, before it answers for the case",
            told.took);
  RETURN_IF_ERROR(receiver->AcknowledgeReceived(id, unit.version).status());
  say_->Did(Nick(receiver), receiver->member().employee + " has read the precautions",
            receiver->took());
  ASSIGN_OR_RETURN(const auto heard,
                   next->AwaitSecurityFile(id, receiver->sent(), "it is acknowledged",
                                           [&](const plv1::SecurityFile& file) {
                                             return IsAcknowledged(file, receiver, unit.version);
                                           }));
  say_->Hop(Nick(receiver), Nick(next), "PrecautionsAcknowledged, by name", heard.took);
  return absl::OkStatus();
}

absl::Status Story::ChangeUnit(const Handing& handing) {
  const Unit former = in_charge_;
  Actor* const next = ErasureScopeOf(handing.receiver);
  const absl::Time sent = handing.receiver->sent();
  ASSIGN_OR_RETURN(const auto taken,
                   next->AwaitSecurityFile(handing.id, sent, "it is in charge",
                                           StandingIs(plv1::POLICE_STANDING_IN_CHARGE)));
  say_->Hop(Nick(handing.receiver), Nick(next), "CaseTakenOver with its slip: it is in charge now",
            taken.took);
  RETURN_IF_ERROR(Check(taken.view.assessment().version() == former.version &&
                            taken.view.holder() == handing.receiver->id(),
                        "it has the assessment of the former unit", taken.view));
  ASSIGN_OR_RETURN(const auto left, former.police->AwaitSecurityFile(
                                        former.file, sent, "it is not in charge any more",
                                        StandingIs(plv1::POLICE_STANDING_FORMER)));
  say_->Hop(Nick(handing.receiver), Nick(former.police),
            "CaseTakenOver with its slip: it was until now", left.took);
  RETURN_IF_ERROR(
      CheckRefusal(former.police->Assess(former.file, AssessmentOf(former.version + 1)).status(),
                   "security.not_in_charge"));
  in_charge_ = {next, handing.id, former.version};
  RETURN_IF_ERROR(AwaitTold(handing.receiver, sent));
  ASSIGN_OR_RETURN(const cv1::Case seen, handing.receiver->GetCase(case_id_));
  return seen.security().acknowledged_by().empty() ? Read(handing.receiver) : absl::OkStatus();
}

}  // namespace exitbus::story
