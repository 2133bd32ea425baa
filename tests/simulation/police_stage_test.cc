// The police unit of a case hears how far it is, from whoever is in charge, and nothing of what is
// agreed; once the citizen has left, it assesses no more.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "exitbus/casework/v1/case_service.pb.h"
#include "exitbus/police/v1/security_service.pb.h"
#include "tests/simulation/caseworker.h"

namespace exitbus::simulation {
namespace {

namespace cv1 = casework::v1;
namespace plv1 = police::v1;

class PoliceStageTest : public testing::Test {
 protected:
  PoliceStageTest()
      : ishoej(world.Municipality("0183")),
        odense(world.Municipality("0461")),
        vestegnen(world.Police("1469")),
        fyn(world.Police("1465")),
        case_id(EnrolledCase(world, ishoej)) {
    EXPECT_TRUE(world.Settle());
  }

  void Assessed() {
    ASSERT_TRUE(AskPolice(world, ishoej, case_id).ok());
    ASSERT_TRUE(world.Settle());
    ASSERT_TRUE(Assess(world, vestegnen).ok());
    ASSERT_TRUE(world.Settle());
  }

  static double WithoutEffect(Node& node, const std::string& name) {
    return node.telemetry().Total("letters.without_effect", {{"name", name}});
  }

  void ExpectNothingRefused() {
    for (Node* node : {&ishoej, &odense, &vestegnen, &fyn}) {
      EXPECT_EQ(node->telemetry().Total("letters.refused_by_peer"), 0) << node->id();
      EXPECT_EQ(node->store().rows(exchange::Table::kParked).size(), 0U) << node->id();
    }
  }

  World world;
  Node& ishoej;
  Node& odense;
  Node& vestegnen;
  Node& fyn;
  std::string case_id;
};

TEST_F(PoliceStageTest, NothingIsAssessedOnceTheCitizenHasLeft) {
  ASSERT_NO_FATAL_FAILURE(Assessed());
  EXPECT_EQ(OnlyFile(vestegnen)->stage(), cv1::CASE_STAGE_ENROLLED);
  ASSERT_TRUE(Withdraw(world, ishoej, case_id).ok());
  ASSERT_TRUE(world.Settle());
  EXPECT_EQ(OnlyFile(vestegnen)->stage(), cv1::CASE_STAGE_WITHDRAWN);
  EXPECT_EQ(OnlyFile(vestegnen)->assessment().version(), 1U);  // it can be read
  EXPECT_EQ(RuleOf(Assess(world, vestegnen)), "security.programme_over");
  ExpectNothingRefused();
}

TEST_F(PoliceStageTest, ANewVersionOfTheAgreementIsNoNewStage) {
  ASSERT_NO_FATAL_FAILURE(Assessed());
  ASSERT_TRUE(
      SignAgreement(world, ishoej, case_id,
                    {MeasureOf(cv1::MEASURE_TYPE_HOUSING, cv1::MODULE_HOUSING, ishoej, "another")})
          .ok());
  ASSERT_TRUE(world.Settle());
  EXPECT_EQ(OnlyFile(vestegnen)->stage(), cv1::CASE_STAGE_ENROLLED);
  EXPECT_EQ(WithoutEffect(vestegnen, "stage_known"), 1);
}

// What the unit of the other district gets with the case says how far it is, and the new holder the
// rest.
TEST_F(PoliceStageTest, TheUnitThatTheCaseMovesToHearsIt) {
  ASSERT_NO_FATAL_FAILURE(Assessed());
  const std::string id = Offered(world, ishoej, case_id, odense);
  ASSERT_TRUE(Do(world, odense, "TakeOverCase", id).ok());
  ASSERT_TRUE(world.Settle());
  EXPECT_EQ(OnlyFile(fyn)->stage(), cv1::CASE_STAGE_ENROLLED);
  ASSERT_TRUE(Withdraw(world, odense, case_id).ok());
  ASSERT_TRUE(world.Settle());
  EXPECT_EQ(OnlyFile(fyn)->stage(), cv1::CASE_STAGE_WITHDRAWN);
  EXPECT_EQ(OnlyFile(vestegnen)->stage(), cv1::CASE_STAGE_ENROLLED);  // it let the case go
  ExpectNothingRefused();
}

// Learnt while the case was on its way, it is the new holder's to act on, and its unit hears it
// after the take-over.
TEST_F(PoliceStageTest, AWithdrawalThatCrossesATakeOverReachesTheUnitInCharge) {
  ASSERT_NO_FATAL_FAILURE(Assessed());
  const std::string id = Offered(world, ishoej, case_id, odense);
  ASSERT_TRUE(Withdraw(world, ishoej, case_id).ok());
  ASSERT_TRUE(world.Settle());
  EXPECT_EQ(OnlyFile(vestegnen)->stage(), cv1::CASE_STAGE_ENROLLED);
  world.Mute(vestegnen, {"handover"});
  ASSERT_TRUE(Do(world, odense, "TakeOverCase", id).ok());
  ASSERT_TRUE(world.Heal());
  EXPECT_EQ(OnlyFile(fyn)->stage(), cv1::CASE_STAGE_WITHDRAWN);
  EXPECT_EQ(GetCase(odense, case_id)->stage(), cv1::CASE_STAGE_WITHDRAWN);
  ExpectNothingRefused();
}

// The unit was asked on consent, and what named the person was withheld: what follows waits for
// nothing.
TEST_F(PoliceStageTest, WhoWasNeverToldTheNameIsHeldUpByNothing) {
  vestegnen.Crash();
  ASSERT_TRUE(AskPolice(world, ishoej, case_id).ok());
  world.Pass(absl::Seconds(1));
  ASSERT_TRUE(RevokeConsent(world, ishoej, case_id).ok());
  world.broker.Stop();
  world.broker.Wipe();
  world.broker.Start();
  vestegnen.Start();
  ASSERT_TRUE(world.Settle());
  EXPECT_EQ(OnlyFile(vestegnen)->naming(), plv1::NAMING_REVOKED);
  EXPECT_EQ(WithoutEffect(vestegnen, "stage_of_nobody_named"), 1);  // that it is enrolled
  ASSERT_TRUE(Withdraw(world, ishoej, case_id).ok());
  ASSERT_TRUE(world.Settle());
  EXPECT_EQ(OnlyFile(vestegnen)->stage(), cv1::CASE_STAGE_WITHDRAWN);
  ExpectNothingRefused();
}

}  // namespace
}  // namespace exitbus::simulation
