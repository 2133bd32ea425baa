// Kriminalforsorgen's part in a case that a municipality holds: it hears how far the course is of
// whom it supervises, and always where exit is a condition of parole; and no longer than it may.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/simulation/supervision_world.h"

namespace exitbus::simulation {
namespace {

namespace cv1 = casework::v1;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

class SupervisionTest : public testing::Test, protected SupervisionWorld {
 protected:
  // Nothing is left on which a unit may be told.
  void TakeBack(Node& node, const std::string& id) {
    EXPECT_TRUE(EndLaw(world, node, id).ok());
    EXPECT_TRUE(RevokeConsent(world, node, id).ok());
    EXPECT_TRUE(world.Settle());
  }
};

TEST_F(SupervisionTest, WhoIsReleasedIsSupervisedByTheUnitThatReleasedHim) {
  const std::string id = Released();
  EXPECT_EQ(Supervised().holder(), ishoej.id());
  EXPECT_EQ(Supervised().person().name(), "Canary Name");
  EXPECT_EQ(Supervised().stage(), cv1::CASE_STAGE_ENROLLED);
  EXPECT_EQ(GetCase(ishoej, id)->supervisions(0).unit(), kif.id());
  ASSERT_EQ(Start(ishoej, id), "");
  ASSERT_EQ(Pause(ishoej, id), "");
  ASSERT_EQ(Resume(ishoej, id), "");
  ASSERT_EQ(End(ishoej, id, cv1::END_CODE_COMPLETED), "");
  EXPECT_THAT(Steps(), ElementsAre("STARTED", "PAUSED", "RESUMED", "COMPLETED"));
  // What it let go it sees as it was then, and nothing newer.
  EXPECT_EQ(GetCase(kif, id)->stage(), cv1::CASE_STAGE_ENROLLED);
  EXPECT_TRUE(GetCase(kif, id)->supervisions().empty());
  ExpectNothingRefused();
}

TEST_F(SupervisionTest, AUnitIsToldOnceThereIsABasis) {
  const std::string id = EnrolledCase(world, ishoej);
  TakeBack(ishoej, id);
  EXPECT_EQ(Supervise(ishoej, id, odense), "supervision.no_unit");
  ASSERT_EQ(Supervise(ishoej, id, kif), "");
  EXPECT_EQ(Supervise(ishoej, id, kif), "supervision.under_way");
  EXPECT_THAT(AllSupervised(), IsEmpty());
  EXPECT_FALSE(GetCase(ishoej, id)->supervisions(0).is_told());
  ASSERT_TRUE(RecordLaw(world, ishoej, id).ok());
  ASSERT_TRUE(world.Settle());
  EXPECT_EQ(Supervised().person().name(), "Canary Name");
  EXPECT_TRUE(GetCase(ishoej, id)->supervisions(0).is_told());
  ExpectNothingRefused();
}

TEST_F(SupervisionTest, WithoutABasisItIsErasedThere) {
  const std::string id = Released();
  TakeBack(ishoej, id);
  EXPECT_THAT(AllSupervised(), IsEmpty());
  ASSERT_EQ(AllSupervised(false).size(), 1U);
  EXPECT_FALSE(AllSupervised(false)[0].has_person());
  EXPECT_TRUE(GetCase(ishoej, id)->supervisions(0).erasure_confirmed());
  ExpectNothingRefused();
}

// N-09: always, whatever is recorded; and whose doing it was, without a reason in words.
TEST_F(SupervisionTest, WhereExitIsAConditionOfParoleItHearsOfEverything) {
  const std::string id = Released(true);
  EXPECT_TRUE(Supervised().parole().is_condition());
  EXPECT_EQ(EndSupervision(ishoej, id), "supervision.condition_of_parole");
  TakeBack(ishoej, id);
  ASSERT_EQ(Start(ishoej, id), "");
  ASSERT_EQ(Pause(ishoej, id), "");
  ASSERT_EQ(Resume(ishoej, id), "");
  ASSERT_TRUE(RecordLaw(world, ishoej, id).ok());
  const auto asked = Request(world, ishoej, id, odense);
  ASSERT_TRUE(asked.ok()) << asked.status();
  ASSERT_TRUE(world.Settle());
  ASSERT_TRUE(simulation::Do(world, odense, "RejectHandover", asked->handover_id()).ok());
  ASSERT_TRUE(world.Settle());
  ASSERT_TRUE(Withdraw(ishoej, id).ok());
  ASSERT_TRUE(world.Settle());
  EXPECT_THAT(Steps(), ElementsAre("STARTED AUTHORITY", "PAUSED SAFETY", "RESUMED SAFETY",
                                   "HANDOVER_FAILED AUTHORITY", "WITHDRAWN CITIZEN"));
  EXPECT_EQ(EndSupervision(ishoej, id), "") << "it has heard how the course ended";
  ExpectNothingRefused();
}

TEST_F(SupervisionTest, WhoTakesTheCaseOverTellsTheUnitFromThenOn) {
  const std::string id = Released(true);
  TakenOver(ishoej, id, odense);
  EXPECT_EQ(Supervised().holder(), odense.id());
  ASSERT_EQ(Start(odense, id), "");
  EXPECT_THAT(Steps(), ElementsAre("STARTED AUTHORITY"));
  EXPECT_TRUE(GetCase(odense, id)->parole().is_condition());
  EXPECT_TRUE(GetCase(ishoej, id)->supervisions(0).has_ended());
  EXPECT_TRUE(GetCase(ishoej, id)->attestation_due().seconds() == 0);
  ExpectNothingRefused();
}

// The unit says it to Ishøj, while Odense takes the case over.
TEST_F(SupervisionTest, WhatTheUnitSaysIsNotLostOverATakeOver) {
  const std::string id = Released();
  const std::string handover = Offered(world, ishoej, id, odense);
  ASSERT_TRUE(simulation::Do(world, odense, "TakeOverCase", handover).ok());
  ASSERT_TRUE(StateParole(true, Now() + absl::Hours(24 * 100)).ok());
  ASSERT_TRUE(world.Settle());
  EXPECT_TRUE(GetCase(odense, id)->parole().is_condition());
  EXPECT_TRUE(GetCase(odense, id)->has_attestation_due());
  ExpectNothingRefused();
}

TEST_F(SupervisionTest, WhoIsTakenIntoCustodyIsSupervisedNoMore) {
  const std::string id = Released(true);
  TakenOver(ishoej, id, kif);
  EXPECT_THAT(AllSupervised(), IsEmpty());
  EXPECT_TRUE(GetCase(kif, id)->parole().is_condition());
  EXPECT_TRUE(GetCase(ishoej, id)->supervisions(0).erasure_confirmed());
  ExpectNothingRefused();
}

TEST_F(SupervisionTest, AStatementForParoleIsOwedInTimeSignedAndTold) {
  const std::string id = Released();
  EXPECT_EQ(Attest(ishoej, id), "attestation.no_condition");
  ASSERT_TRUE(StateParole(true, Now() + absl::Hours(24 * 100)).ok());
  ASSERT_TRUE(world.Settle());
  const cv1::Case owed = *GetCase(ishoej, id);
  EXPECT_EQ(
      exchange::FromProto(owed.planned_release()) - exchange::FromProto(owed.attestation_due()),
      absl::Hours(24 * 42));
  Days(59);
  EXPECT_EQ(ishoej.telemetry().LinesOf("attestation.overdue").size(), 1U);
  EXPECT_TRUE(GetCase(ishoej, id)->attestation_overdue());
  ASSERT_EQ(Attest(ishoej, id), "");
  EXPECT_FALSE(GetCase(ishoej, id)->has_attestation_due());
  ASSERT_EQ(Supervised().attestations_size(), 1);
  EXPECT_EQ(Supervised().attestations(0).text(), "canary-attestation");
  EXPECT_EQ(Supervised().attestations(0).authority(), ishoej.id());
  ExpectNothingRefused();
}

TEST_F(SupervisionTest, OperatorsAreAlarmedOfAUnitThatDoesNotErase) {
  const std::string id = Released();
  world.Mute(kif, {"evidence"});
  cv1::EndSupervisionRequest request;
  request.set_request_id(world.RequestId());
  request.set_case_id(id);
  ASSERT_TRUE(
      ishoej.Call<cv1::EndSupervisionResponse>(kSupervision + "EndSupervision", request).ok());
  world.Pass(absl::Minutes(1));
  world.Skip(absl::Hours(24 * 14));
  world.Pass(absl::Minutes(1));
  EXPECT_EQ(ishoej.telemetry().LinesOf("supervision.erasure_overdue").size(), 1U);
  EXPECT_FALSE(GetCase(ishoej, id)->supervisions(0).erasure_confirmed());
  ASSERT_TRUE(world.Heal());
  EXPECT_TRUE(GetCase(ishoej, id)->supervisions(0).erasure_confirmed());
}

TEST_F(SupervisionTest, AUnitInsideTheMunicipalitySeesNothingOfIt) {
  const std::string id = Released(true);
  ASSERT_EQ(Attest(ishoej, id), "");
  ASSERT_TRUE(Involve(world, ishoej, id, policy::v1::FUNCTION_JOBCENTRE).ok());
  const Speaking speaking(ishoej, "jobcentre", "employee-7");
  const auto seen = GetCase(ishoej, id);
  ASSERT_TRUE(seen.ok()) << seen.status();
  EXPECT_THAT(seen->attestations(), IsEmpty());
  EXPECT_EQ(seen->ShortDebugString().find(kif.id()), std::string::npos);
  EXPECT_EQ(seen->ShortDebugString().find("straffeloven"), std::string::npos);
}

TEST_F(SupervisionTest, KriminalforsorgenHasItsOwnCasesItself) {
  const std::string id = EnrolledCase(world, kif);
  EXPECT_EQ(Supervise(kif, id, kif), "supervision.holds_itself");
}

TEST_F(SupervisionTest, InEachProgrammeAndNobodyElseHears) {
  const std::string id = Opened(ishoej, cv1::PROGRAMME_PLAN_FOR_FRIHED);
  ASSERT_EQ(Supervise(ishoej, id, kif), "");
  ASSERT_EQ(Visit(ishoej, id), "");
  EXPECT_THAT(Steps(), ElementsAre("VISITED"));
  EXPECT_EQ(Supervised().programme(), cv1::PROGRAMME_PLAN_FOR_FRIHED);
  ASSERT_EQ(Change(ishoej, id, cv1::PROGRAMME_GOD_LOESLADELSE), "");
  EXPECT_EQ(Supervised().programme(), cv1::PROGRAMME_GOD_LOESLADELSE);
  EXPECT_THAT(Entries(), IsEmpty());
}

TEST_F(SupervisionTest, ACorrectedNumberIsCorrectedThere) {
  const std::string id = Released();
  cv1::CorrectCaseRequest request;
  request.set_case_id(id);
  request.mutable_person()->set_cpr_number(kAnother);
  ASSERT_TRUE(Correct(world, ishoej, request).ok());
  ASSERT_TRUE(world.Settle());
  EXPECT_EQ(Supervised().person().cpr_number(), kAnother);
  ExpectNothingRefused();
}

TEST_F(SupervisionTest, WithTheCaseItIsErasedThereToo) {
  const std::string id = Released(true);
  ASSERT_EQ(Attest(ishoej, id), "");
  Erased(ishoej, id);
  EXPECT_THAT(AllSupervised(), IsEmpty());
  ASSERT_EQ(AllSupervised(false).size(), 1U);
  EXPECT_THAT(AllSupervised(false)[0].ShortDebugString(), Not(HasSubstr("canary")));
  EXPECT_FALSE(AllSupervised(false)[0].has_person());
  EXPECT_TRUE(ErasureAt(ishoej).complete());
  ExpectNothingRefused();
}

}  // namespace
}  // namespace exitbus::simulation
