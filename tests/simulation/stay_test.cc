// A threatened person at a temporary place in another district, from the emergency to its end: at
// both police units, the authority in charge and the contact point.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "services/exchange/proto_time.h"
#include "tests/simulation/stay_world.h"

namespace exitbus::simulation {
namespace {

namespace cv1 = casework::v1;
namespace rv1 = relocation::v1;
using testing::IsEmpty;
using testing::SizeIs;

class StayTest : public testing::Test, protected StayWorld {
 protected:
  cv1::StayStage Stage() { return NewestStay().stage(); }
  // Everything that is due happens, and all agree.
  void Agree() {
    ASSERT_TRUE(world.Settle());
    ExpectStaysAgreed();
  }
  std::size_t AlarmsOf(Node& node, const std::string& alarm) {
    return node.telemetry().LinesOf(alarm).size();
  }
  // What the contact point keeps is of nobody.
  void ExpectErased() {
    ASSERT_TRUE(world.Settle());
    EXPECT_TRUE(ErasureAt(holder).complete());
    for (Node* node : All()) {
      EXPECT_THAT(PlantedAt(*node), IsEmpty()) << node->id();
      EXPECT_TRUE(node == &desk || UnitsOf(*node).empty()) << node->id();
    }
  }
  void LeaveTheProgramme() {
    ASSERT_TRUE(Withdraw(holder, case_id).ok());
    ASSERT_TRUE(world.Settle());
  }
  void TakenOver() {
    Offered();
    ASSERT_TRUE(TakeOver().ok());
    ASSERT_TRUE(world.Settle());
  }
};

TEST_F(StayTest, IsPlacedFirstAndDecidedLater) {
  ASSERT_TRUE(AskForAPlace().ok());
  Agree();
  EXPECT_EQ(Stage(), cv1::STAY_STAGE_REQUESTED);
  EXPECT_EQ(RuleOf(AskForAPlace()), "stay.stands");
  ASSERT_TRUE(PlaceAway().ok());
  Agree();
  ASSERT_THAT(Hosted(), SizeIs(1));
  EXPECT_EQ(Hosted().front().address(), "Canary Shelter");
  EXPECT_EQ(Hosted().front().person().cpr_number(), "6101900001");
  EXPECT_FALSE(Hosted().front().assessment().precautions().empty());
  ASSERT_THAT(Told(), SizeIs(1)) << "what was asked for is what was placed";
  ASSERT_TRUE(AnswerStay(rv1::PLACE_SAFETY_CLEAR).ok());
  ASSERT_TRUE(GrantStay().ok());
  Agree();
  ASSERT_TRUE(PayStay().ok());
  ASSERT_TRUE(ExtendStay(40).ok());
  Agree();
  ASSERT_TRUE(EndStay().ok());
  Agree();
  ASSERT_TRUE(ReturnAccount(15000).ok());
  Agree();
  EXPECT_TRUE(NewestStay().host_erased());
  ExpectSound();
}

// Who places at night waits for nobody's working hours, and no letter waits for a delay.
TEST_F(StayTest, EverybodyHearsOfItAtOnce) {
  ASSERT_TRUE(PlaceAway().ok());
  world.Pass(absl::Seconds(3));
  EXPECT_THAT(Hosted(), SizeIs(1));
  EXPECT_THAT(Told(), SizeIs(1));
  ASSERT_THAT(Applications(), SizeIs(1));
  EXPECT_EQ(exchange::FromProto(Applications().front().due()) -
                exchange::FromProto(Applications().front().submitted()),
            absl::Hours(4));
}

TEST_F(StayTest, NobodyElseLearnsThePlace) {
  Placed();
  ASSERT_TRUE(GrantStay().ok());
  Agree();
  const auto planted = [&](Node& node) { return PlantedAt(node); };
  for (Node* node : {&holder, &desk, &odense, &nec}) {
    EXPECT_THAT(planted(*node), testing::Not(testing::Contains("Canary Shelter"))) << node->id();
  }
  EXPECT_THAT(planted(vestegnen), testing::Contains("Canary Shelter"));
  EXPECT_THAT(planted(fyn), testing::Contains("Canary Shelter"));
  ASSERT_TRUE(EndStay().ok());
  Agree();
  EXPECT_THAT(planted(fyn), IsEmpty()) << "nothing at all is left there";
  ExpectSound();
}

TEST_F(StayTest, BothUnitsAreAlarmedByTheirOwnClocks) {
  ASSERT_TRUE(PlaceAway(3).ok());
  ASSERT_TRUE(world.Settle());
  world.Pass(absl::Hours(1) + absl::Minutes(1));
  EXPECT_EQ(AlarmsOf(vestegnen, "stay.unanswered"), 1U);
  EXPECT_EQ(AlarmsOf(fyn, "hosted_stay.unanswered"), 1U);
  EXPECT_TRUE(NewestStay().answer_overdue());
  ASSERT_TRUE(AnswerStay(rv1::PLACE_SAFETY_CLEAR).ok());
  Agree();
  EXPECT_FALSE(NewestStay().answer_overdue());
  Sleep(absl::Hours(24 * 3));
  EXPECT_EQ(AlarmsOf(vestegnen, "stay.end_overdue"), 1U);
  EXPECT_EQ(AlarmsOf(fyn, "hosted_stay.end_overdue"), 1U);
  EXPECT_TRUE(NewestStay().overdue()) << "nobody is forgotten there";
  ASSERT_TRUE(EndStay().ok());
  Agree();
}

TEST_F(StayTest, WhoIsNotSafeThereIsBroughtElsewhere) {
  Placed();
  ASSERT_TRUE(AnswerStay(rv1::PLACE_SAFETY_NOT_POSSIBLE).ok());
  Agree();
  EXPECT_EQ(RuleOf(ExtendStay(40)), "stay.not_safe_there");
  EXPECT_EQ(RuleOf(PlaceAway()), "stay.stands");
  ASSERT_TRUE(EndStay(cv1::STAY_END_ANOTHER_PLACE).ok());
  ASSERT_TRUE(PlaceAway(10, 0).ok());
  Agree();
  EXPECT_THAT(Stays(), SizeIs(2));
  ExpectSound();
}

TEST_F(StayTest, WhereThePoolDoesNotPayBothUnitsOweTheWayBack) {
  Placed();
  ASSERT_TRUE(RefuseStay().ok());
  Agree();
  EXPECT_EQ(Stage(), cv1::STAY_STAGE_WAY_BACK);
  EXPECT_EQ(Told().front().stage(), cv1::STAY_STAGE_WAY_BACK);
  EXPECT_EQ(Told().front().payer(), cv1::STAY_PAYER_POLICE) << "as was said before the move";
  Sleep(absl::Hours(24 * 15));
  EXPECT_EQ(AlarmsOf(vestegnen, "stay.end_overdue"), 1U);
  EXPECT_EQ(AlarmsOf(fyn, "hosted_stay.end_overdue"), 1U);
  ASSERT_TRUE(EndStay().ok());
  Agree();
  ExpectSound();
}

// The unit's machine is down: the people who asked are alarmed, and may ask again.
TEST_F(StayTest, ARequestThatIsNotHeardIsAnAlarmWhereItWasMade) {
  vestegnen.Crash();
  ASSERT_TRUE(AskForAPlace().ok());
  EXPECT_EQ(RuleOf(AskForAPlace()), "stay.stands");
  world.Pass(absl::Hours(1) + absl::Minutes(1));
  EXPECT_EQ(AlarmsOf(holder, "stay.request_unanswered"), 1U);
  ASSERT_THAT(Told(), SizeIs(1));
  EXPECT_TRUE(Told().front().overdue());
  ASSERT_TRUE(AskForAPlace().ok());
  vestegnen.Start();
  vestegnen.Serve();
  Agree();
  EXPECT_EQ(Stage(), cv1::STAY_STAGE_REQUESTED) << "the first one stands, the second is answered";
  ASSERT_TRUE(PlaceAway().ok());
  Agree();
}

// The leaving side sees nothing of it after the take-over; who has placed the person ends it.
TEST_F(StayTest, AfterTheCaseHasMovedTheUnitThatPlacedEndsIt) {
  Placed();
  TakenOver();
  EXPECT_THAT(Told(), IsEmpty());
  EXPECT_EQ(RuleOf(ExtendStay(50, 1000)), "security.not_in_charge");
  EXPECT_TRUE(ExtendStay(50).ok());
  ASSERT_TRUE(EndStay(cv1::STAY_END_PERMANENT).ok());
  Agree();
  EXPECT_THAT(Told(), IsEmpty());
  ExpectSound();
}

TEST_F(StayTest, ALapseEndsNoStayAndAnErasureWaitsForIt) {
  Placed();
  LeaveTheProgramme();
  EXPECT_EQ(Stage(), cv1::STAY_STAGE_PLACED);
  EXPECT_EQ(RuleOf(Erase(holder, case_id).status()), "erasure.temporary_relocation_open");
  ASSERT_TRUE(EndStay().ok());
  Agree();
  EXPECT_EQ(RuleOf(Erase(holder, case_id).status()), "erasure.temporary_relocation_open")
      << "the application";
  ASSERT_TRUE(WithdrawApplication().ok());
  Agree();
  ASSERT_TRUE(Erase(holder, case_id).ok());
  ExpectErased();
}

// Ordered before the authority in charge has heard of the stay: it waits for what the unit's people
// do, whatever it is.
TEST_F(StayTest, AnErasureThatCrossesThePlacingWaitsForItsEnd) {
  LeaveTheProgramme();
  vestegnen.SetStatus(directory::v1::AUTHORITY_STATUS_SUSPENDED);  // neither reaches the other
  ASSERT_TRUE(Erase(holder, case_id).ok());
  ASSERT_TRUE(PlaceAway().ok());
  vestegnen.SetStatus(directory::v1::AUTHORITY_STATUS_UNSPECIFIED);
  world.Pass(absl::Minutes(1));
  EXPECT_EQ(Stage(), cv1::STAY_STAGE_PLACED);
  EXPECT_FALSE(ErasureAt(holder).complete());
  ASSERT_TRUE(EndStay().ok());
  world.Pass(absl::Minutes(1));
  EXPECT_FALSE(ErasureAt(holder).complete()) << "the application";
  ASSERT_TRUE(WithdrawApplication().ok()) << "it goes on by what is done here";
  ExpectErased();
}

}  // namespace
}  // namespace exitbus::simulation
