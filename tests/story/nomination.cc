// The steps before a person moves for good: proposed by who is in charge, nominated by the police,
// found necessary by the contact point.
#include "services/exchange/ports/status_macros.h"
#include "tests/story/checks.h"
#include "tests/story/relocation_calls.h"
#include "tests/story/story.h"

namespace exitbus::story {
namespace {

// From the month after the next on.
std::uint32_t SoonAfter(absl::Time today) {
  const auto month = absl::ToCivilMonth(today, absl::UTCTimeZone()) + 2;
  return static_cast<std::uint32_t>(month.year() * 100 + month.month());
}

rlv1::Nomination NominationOf(rlv1::LeavingGround leaving, absl::Time today) {
  rlv1::Nomination nomination;
  nomination.add_security(rlv1::SECURITY_GROUND_THREAT);
  nomination.add_leaving(leaving);
  nomination.add_elsewhere(rlv1::ELSEWHERE_GROUND_FAMILY);
  nomination.set_age_band(rlv1::AGE_BAND_25_TO_34);
  nomination.mutable_profile()->set_household(rlv1::HOUSEHOLD_ALONE);
  nomination.mutable_profile()->add_efforts(rlv1::EFFORT_EMPLOYMENT);
  nomination.mutable_profile()->set_from_month(SoonAfter(today));
  return nomination;
}

}  // namespace

absl::Status Story::ProposeRelocation(Actor* holder) {
  ASSIGN_OR_RETURN(const absl::Time today, deployment_->Today());
  ASSIGN_OR_RETURN(const rlv1::Relocation proposed,
                   ProposeMove(*holder, case_id_, NominationOf(rlv1::LEAVING_GROUND_NONE, today)));
  relocation_ = proposed.relocation_id();
  say_->Did(Nick(holder), "proposes that the person move to another town", holder->took());
  Actor* const police = in_charge_.police;
  ASSIGN_OR_RETURN(const auto heard, AwaitRelocation(*police, relocation_, holder->sent(),
                                                     rlv1::RELOCATION_STAGE_PROPOSED));
  say_->Hop(Nick(holder), Nick(police), "RelocationProposed", heard.took);
  return Check(heard.view.waiting_for() == police->id(), "the unit's act is next", heard.view);
}

absl::Status Story::Nominate(Actor* holder, rlv1::LeavingGround leaving, std::uint32_t version) {
  Actor* const police = in_charge_.police;
  ASSIGN_OR_RETURN(const absl::Time today, deployment_->Today());
  ASSIGN_OR_RETURN(const rlv1::Relocation nominated,
                   story::Nominate(*police, in_charge_.file, NominationOf(leaving, today)));
  RETURN_IF_ERROR(Check(nominated.relocation_id() == relocation_ && nominated.version() == version,
                        "the proposal is what is nominated", nominated));
  say_->Did(Nick(police), version == 1 ? "nominates the person" : "nominates anew, with that",
            police->took());
  for (Actor* const to : {desk_.get(), holder}) {
    ASSIGN_OR_RETURN(const auto heard, AwaitRelocation(*to, relocation_, police->sent(),
                                                       rlv1::RELOCATION_STAGE_NOMINATED));
    say_->Hop(Nick(police), Nick(to), "RelocationNominated", heard.took);
    if (to == holder) continue;
    say_->Sees(Nick(to), ShownIn(heard.view));
    RETURN_IF_ERROR(Check(heard.view.case_id().empty() && heard.view.version() == version,
                          "the contact point is told of no case", heard.view));
  }
  return absl::OkStatus();
}

absl::Status Story::AssessNeed(Actor* holder, rlv1::AssessmentOutcome outcome,
                               rlv1::RelocationStage stage) {
  rlv1::AssessRelocationRequest assessment;
  assessment.set_relocation_id(relocation_);
  assessment.set_outcome(outcome);
  const bool asks = outcome == rlv1::ASSESSMENT_OUTCOME_MORE_INFORMATION;
  if (asks) {
    assessment.add_asked(rlv1::NOMINATION_PART_LEAVING);
  } else {
    assessment.add_grounds(rlv1::ASSESSMENT_GROUND_CRITERIA_MET);
  }
  RETURN_IF_ERROR(AssessRelocation(*desk_, assessment).status());
  say_->Did("desk", asks ? "asks why leaving needs it" : "finds it necessary", desk_->took());
  Actor* const police = in_charge_.police;
  for (Actor* const to : {police, holder}) {
    ASSIGN_OR_RETURN(const auto heard, AwaitRelocation(*to, relocation_, desk_->sent(), stage));
    say_->Hop(to == police ? "desk" : Nick(police), Nick(to), "RelocationAssessed", heard.took);
    if (to == holder) say_->Sees(Nick(to), ShownIn(heard.view));
  }
  return absl::OkStatus();
}

absl::Status Story::Nomination(Actor* holder) {
  RETURN_IF_ERROR(ProposeRelocation(holder));
  RETURN_IF_ERROR(Nominate(holder, rlv1::LEAVING_GROUND_NONE, 1));
  RETURN_IF_ERROR(AssessNeed(holder, rlv1::ASSESSMENT_OUTCOME_MORE_INFORMATION,
                             rlv1::RELOCATION_STAGE_INFORMATION_ASKED));
  RETURN_IF_ERROR(Nominate(holder, rlv1::LEAVING_GROUND_DAILY_CONTACT, 2));
  return AssessNeed(holder, rlv1::ASSESSMENT_OUTCOME_NECESSARY, rlv1::RELOCATION_STAGE_NECESSARY);
}

}  // namespace exitbus::story
