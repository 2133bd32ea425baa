#include "tests/simulation/relocation_world.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "tests/simulation/whole_journal.h"

namespace exitbus::simulation {
namespace {

namespace lv1 = relocation::v1;

lv1::Nomination Complete() {
  lv1::Nomination nomination;
  nomination.add_security(lv1::SECURITY_GROUND_THREAT);
  nomination.add_leaving(lv1::LEAVING_GROUND_DAILY_CONTACT);
  nomination.add_elsewhere(lv1::ELSEWHERE_GROUND_FAMILY);
  nomination.set_age_band(lv1::AGE_BAND_25_TO_34);
  nomination.mutable_profile()->set_household(lv1::HOUSEHOLD_ALONE);
  nomination.mutable_profile()->add_efforts(lv1::EFFORT_EMPLOYMENT);
  nomination.mutable_profile()->set_from_month(202603);
  return nomination;
}

}  // namespace

RelocationWorld::RelocationWorld(std::uint64_t seed, bool in_custody)
    : ErasureWorld(seed),
      holder(in_custody ? prison : ishoej),
      case_id(EnrolledCase(world, holder)) {
  EXPECT_TRUE(AskPolice(world, holder, case_id).ok());
  EXPECT_TRUE(world.Settle());
  EXPECT_TRUE(simulation::Assess(world, vestegnen).ok());
  EXPECT_TRUE(world.Settle());
}

absl::StatusOr<std::string> RelocationWorld::Propose() {
  lv1::ProposeRelocationRequest request;
  request.set_case_id(case_id);
  *request.mutable_nomination() = Complete();
  const auto answer = Insist<lv1::ProposeRelocationResponse>(
      holder, "RelocationProposalService.ProposeRelocation", request);
  if (!answer.ok()) return answer.status();
  return answer->relocation().relocation_id();
}

absl::StatusOr<std::string> RelocationWorld::Nominate() {
  const auto file = OnlyFile(vestegnen);
  if (!file.ok()) return file.status();
  return Nominate(file->security_id());
}

absl::StatusOr<std::string> RelocationWorld::Nominate(const std::string& security_id) {
  lv1::NominateRelocationRequest request;
  request.set_security_id(security_id);
  *request.mutable_nomination() = Complete();
  const auto answer = Insist<lv1::NominateRelocationResponse>(
      vestegnen, "RelocationNominationService.NominateRelocation", request);
  if (!answer.ok()) return answer.status();
  return answer->relocation().relocation_id();
}

absl::Status RelocationWorld::WithdrawRequest(Node& node, const std::string& id,
                                              lv1::RelocationWithdrawalReason reason) {
  lv1::WithdrawRelocationRequest request;
  request.set_relocation_id(id);
  request.set_reason(reason);
  return Insist<lv1::WithdrawRelocationResponse>(
             node, "RelocationWithdrawalService.WithdrawRelocation", request)
      .status();
}

absl::Status RelocationWorld::Assess(const std::string& id, lv1::AssessmentOutcome outcome) {
  lv1::AssessRelocationRequest request;
  request.set_relocation_id(id);
  request.set_outcome(outcome);
  request.add_grounds(lv1::ASSESSMENT_GROUND_CRITERIA_MET);
  request.add_asked(lv1::NOMINATION_PART_LEAVING);
  return Insist<lv1::AssessRelocationResponse>(desk, "RelocationAssessmentService.AssessRelocation",
                                               request)
      .status();
}

lv1::Relocation RelocationWorld::At(Node& node, const std::string& id) {
  lv1::GetRelocationRequest request;
  request.set_relocation_id(id);
  const auto answer =
      Insist<lv1::GetRelocationResponse>(node, "RelocationService.GetRelocation", request);
  return answer.ok() ? answer->relocation() : lv1::Relocation();
}

std::string RelocationWorld::StageAt(Node& node, const std::string& id) {
  const lv1::RelocationStage stage = At(node, id).stage();
  return stage == lv1::RELOCATION_STAGE_UNSPECIFIED
             ? ""
             : lv1::RelocationStage_Name(stage).substr(sizeof("RELOCATION_STAGE_") - 1);
}

void RelocationWorld::ExpectEverywhere(const std::string& id, const std::string& stage) {
  for (Node* node : {&holder, &vestegnen, &desk})
    EXPECT_EQ(StageAt(*node, id), stage) << node->id();
}

void RelocationWorld::ExpectSound() {
  for (Node* node : {&ishoej, &odense, &prison, &vestegnen, &fyn, &desk}) {
    EXPECT_THAT(node->telemetry().LinesOf("letter.refused"), testing::IsEmpty()) << node->id();
    EXPECT_EQ(node->unreceipted(), 0U) << node->id();
    ExpectWholeJournal(*node);
  }
}

}  // namespace exitbus::simulation
