// From the departure to the arrival, at both sides of the handover, both police units and the
// contact point: nobody who has departed is forgotten.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "exitbus/handover/v1/handover_service.pb.h"
#include "tests/simulation/decision_world.h"

namespace exitbus::simulation {
namespace {

namespace hv1 = handover::v1;
namespace lv1 = relocation::v1;
using testing::IsEmpty;
using testing::SizeIs;

constexpr char kMissing[] = "handover.arrival_overdue";

class JourneyTest : public testing::Test, protected DecisionWorld {
 protected:
  void Departed() {
    Offered();
    ASSERT_TRUE(Depart().ok());
    ASSERT_TRUE(world.Settle());
  }
  std::vector<Node*> Followers() { return {&holder, &odense, &vestegnen, &fyn}; }
  void ExpectStage(lv1::JourneyStage stage) {
    for (Node* node : Followers()) EXPECT_EQ(JourneyAt(*node).stage(), stage) << node->id();
    ExpectJourneyAgreed();
  }
  std::size_t AlarmsAt(Node& node) { return node.telemetry().LinesOf(kMissing).size(); }
};

TEST_F(JourneyTest, DepartureAndArrivalAreTwoActsByTwoAuthorities) {
  Departed();
  ExpectStage(lv1::JOURNEY_STAGE_UNDER_WAY);
  for (Node* node : Followers()) {
    const lv1::Journey seen = JourneyAt(*node);
    EXPECT_EQ(seen.due().seconds() - seen.expected().seconds(), 4 * 3600) << node->id();
  }
  EXPECT_EQ(RuleOf(Do(world, odense, "TakeOverCase", handover).status()), "handover.not_arrived");
  EXPECT_EQ(RuleOf(Depart()), "handover.person_under_way");
  ASSERT_TRUE(Arrive(odense).ok());
  ASSERT_TRUE(world.Settle());
  ExpectStage(lv1::JOURNEY_STAGE_ARRIVED);
  EXPECT_EQ(GetCase(holder, case_id)->responsible(), holder.id()) << "by no passing of time";
  ASSERT_TRUE(Do(world, odense, "TakeOverCase", handover).ok());
  ASSERT_TRUE(world.Settle());
  ExpectJourneyAgreed();
  EXPECT_FALSE(GetHandover(holder, handover)->has_journey()) << "the leaving side sees no more";
  Sleep(absl::Hours(48));
  for (Node* node : Followers()) EXPECT_EQ(AlarmsAt(*node), 0U) << node->id();
  ExpectSound();
}

TEST_F(JourneyTest, WhoDoesNotArriveIsMissedByEverybodyConcerned) {
  Departed();
  Sleep(absl::Hours(5));
  for (Node* node : Followers()) EXPECT_EQ(AlarmsAt(*node), 0U) << node->id();
  Sleep(absl::Hours(2));
  ASSERT_TRUE(world.Settle());
  ExpectStage(lv1::JOURNEY_STAGE_UNDER_WAY);
  for (Node* node : Followers()) {
    EXPECT_TRUE(JourneyAt(*node).overdue()) << node->id();
    EXPECT_EQ(AlarmsAt(*node), 1U) << node->id();
  }
  EXPECT_TRUE(At(desk, id).arrival_overdue());
  EXPECT_EQ(AlarmsAt(desk), 1U);
  EXPECT_THAT(PlantedAt(desk), IsEmpty()) << "it hears the bare fact";
  ASSERT_TRUE(Arrive(odense).ok());
  Sleep(absl::Minutes(20));
  ASSERT_TRUE(world.Settle());
  ExpectStage(lv1::JOURNEY_STAGE_ARRIVED);
  for (Node* node : Followers()) EXPECT_FALSE(JourneyAt(*node).overdue()) << node->id();
  EXPECT_FALSE(At(desk, id).arrival_overdue());
  ExpectSound();
}

// The alarm is each one's own: it needs nobody's machine but one's own.
TEST_F(JourneyTest, AnAlarmWaitsForNobody) {
  Departed();
  holder.Crash();
  odense.Crash();
  Sleep(absl::Hours(7));
  EXPECT_EQ(AlarmsAt(vestegnen), 1U);
  EXPECT_EQ(AlarmsAt(fyn), 1U);
  holder.Start();
  odense.Start();
  world.Pass(absl::Minutes(2));
  EXPECT_EQ(AlarmsAt(holder), 1U);
  EXPECT_EQ(AlarmsAt(odense), 1U);
}

TEST_F(JourneyTest, AnOfficersStatementEndsTheAlarmAndTheNextDepartureBeginsAnew) {
  Departed();
  Sleep(absl::Hours(7));
  ASSERT_TRUE(StateWhereabouts(fyn, lv1::WHEREABOUTS_TURNED_BACK).ok());
  Sleep(absl::Minutes(20));
  ASSERT_TRUE(world.Settle());
  ExpectStage(lv1::JOURNEY_STAGE_ACCOUNTED_FOR);
  for (Node* node : Followers()) {
    EXPECT_EQ(JourneyAt(*node).whereabouts(), lv1::WHEREABOUTS_TURNED_BACK) << node->id();
    EXPECT_EQ(JourneyAt(*node).stated_by_unit(), fyn.id()) << node->id();
    EXPECT_NE(JourneyAt(*node).stated_by(), "") << node->id();
    EXPECT_FALSE(JourneyAt(*node).overdue()) << node->id();
  }
  EXPECT_FALSE(At(desk, id).arrival_overdue());
  EXPECT_EQ(RuleOf(Do(world, odense, "TakeOverCase", handover).status()), "handover.not_arrived");
  ASSERT_TRUE(Depart().ok());
  ASSERT_TRUE(world.Settle());
  ExpectStage(lv1::JOURNEY_STAGE_UNDER_WAY);
  EXPECT_EQ(JourneyAt(odense).number(), 2U);
  ASSERT_TRUE(StateWhereabouts(vestegnen, lv1::WHEREABOUTS_AT_DESTINATION).ok());
  ASSERT_TRUE(world.Settle());
  ExpectStage(lv1::JOURNEY_STAGE_ACCOUNTED_FOR);
  ASSERT_TRUE(Do(world, odense, "TakeOverCase", handover).ok());
  ASSERT_TRUE(world.Settle());
  ExpectSound();
}

TEST_F(JourneyTest, AMoveThatFailsHasAWayBack) {
  Departed();
  ASSERT_TRUE(Do(world, odense, "DeclineOffer", handover).ok());
  ASSERT_TRUE(world.Settle());
  ExpectJourneyAgreed();
  EXPECT_EQ(JourneyAt(holder).stage(), lv1::JOURNEY_STAGE_TO_COME_BACK);
  EXPECT_THAT(PlantedAt(odense), IsEmpty());
  EXPECT_THAT(PlantedAt(fyn), IsEmpty());
  EXPECT_EQ(RuleOf(Request(world, holder, case_id, odense).status()), "handover.person_under_way");
  Sleep(absl::Hours(5));
  ASSERT_TRUE(world.Settle());
  EXPECT_EQ(AlarmsAt(holder), 1U);
  EXPECT_EQ(AlarmsAt(vestegnen), 1U);
  EXPECT_TRUE(At(desk, id).arrival_overdue());
  ASSERT_TRUE(Arrive(holder).ok());
  Sleep(absl::Minutes(20));
  ASSERT_TRUE(world.Settle());
  ExpectJourneyAgreed();
  EXPECT_EQ(JourneyAt(vestegnen).stage(), lv1::JOURNEY_STAGE_BACK);
  EXPECT_FALSE(At(desk, id).arrival_overdue());
  EXPECT_EQ(RuleOf(Arrive(holder)), "handover.has_arrived");
  EXPECT_TRUE(Request(world, holder, case_id, odense).ok());
  ASSERT_TRUE(world.Settle());
  ExpectSound();
}

// Who was missing when the handover ended still is.
TEST_F(JourneyTest, TheEndOfAHandoverEndsNoAlarm) {
  Departed();
  Sleep(absl::Hours(7));
  ASSERT_TRUE(Do(world, odense, "DeclineOffer", handover).ok());
  Sleep(absl::Minutes(20));
  ASSERT_TRUE(world.Settle());
  EXPECT_TRUE(JourneyAt(holder).overdue());
  EXPECT_TRUE(JourneyAt(vestegnen).overdue());
  EXPECT_TRUE(At(desk, id).arrival_overdue());
  ASSERT_TRUE(StateWhereabouts(vestegnen, lv1::WHEREABOUTS_SAFE_ELSEWHERE).ok());
  Sleep(absl::Minutes(20));
  ASSERT_TRUE(world.Settle());
  ExpectJourneyAgreed();
  EXPECT_FALSE(JourneyAt(holder).overdue());
  EXPECT_FALSE(At(desk, id).arrival_overdue());
  EXPECT_EQ(AlarmsAt(holder), 1U) << "once";
}

TEST_F(JourneyTest, APlaceThatBecomesUnsafeOnTheWayAlarmsAtOnce) {
  Accepted();
  ASSERT_TRUE(Depart().ok());
  ASSERT_TRUE(world.Settle());
  ASSERT_TRUE(State({"1465"}).ok());
  ASSERT_TRUE(world.Settle());
  EXPECT_THAT(vestegnen.telemetry().LinesOf("relocation.departed_to_place_not_clear"), SizeIs(1));
  EXPECT_EQ(JourneyAt(holder).stage(), lv1::JOURNEY_STAGE_TO_COME_BACK);
  ExpectJourneyAgreed();
}

// The unit has ruled it out before it hears that he has left.
TEST_F(JourneyTest, AndSoDoesADepartureForAPlaceThatIsUnsafeAlready) {
  Accepted();
  vestegnen.DieAtCommit(2, true);
  ASSERT_TRUE(State({"1465"}).ok());
  ASSERT_TRUE(Depart().ok());
  world.Pass(absl::Minutes(2));
  vestegnen.DieAtCommit(1'000'000'000, false);
  ASSERT_TRUE(world.Settle());
  EXPECT_THAT(vestegnen.telemetry().LinesOf("relocation.departed_to_place_not_clear"), SizeIs(1));
  EXPECT_EQ(JourneyAt(vestegnen).stage(), lv1::JOURNEY_STAGE_TO_COME_BACK);
  ExpectJourneyAgreed();
}

// Odense recorded it in the wrong case, and he leaves once more: somebody misses him all the same.
// The units hear the two in either order.
TEST_F(JourneyTest, AWrongArrivalSilencesNoLaterDeparture) {
  for (Node* const late : {&vestegnen, &fyn}) {
    SCOPED_TRACE(late->id());
    DecisionWorld at;
    at.Offered();
    ASSERT_TRUE(at.Depart().ok());
    ASSERT_TRUE(at.world.Settle());
    Node& unit = late == &fyn ? at.fyn : at.vestegnen;
    unit.DieAtCommit(1, false);
    ASSERT_TRUE(at.Arrive(at.odense).ok());
    at.world.Pass(absl::Seconds(20));
    ASSERT_TRUE(at.Depart().ok());
    unit.DieAtCommit(1'000'000'000, false);
    ASSERT_TRUE(at.world.Settle());
    at.ExpectJourneyAgreed();
    EXPECT_EQ(at.JourneyAt(unit).stage(), lv1::JOURNEY_STAGE_UNDER_WAY);
    EXPECT_EQ(at.JourneyAt(unit).number(), 2U);
    at.Sleep(absl::Hours(7));
    EXPECT_THAT(unit.telemetry().LinesOf(kMissing), SizeIs(1));
    at.ExpectSound();
  }
}

// What is refused as nobody's to ask back stands; the decision does not, and nobody departs by it.
TEST_F(JourneyTest, NobodyDepartsByADecisionThatHasEnded) {
  Offered();
  ASSERT_TRUE(Revoke().ok());
  ASSERT_TRUE(world.Settle());
  hv1::AnswerRecallRequest refusal;
  refusal.set_request_id(world.RequestId());
  refusal.set_handover_id(handover);
  ASSERT_TRUE(
      odense.CallHandover("exitbus.handover.v1.HandoverService.AnswerRecall", refusal).ok());
  ASSERT_TRUE(world.Settle());
  EXPECT_EQ(RuleOf(Depart()), "relocation.decision_ended");
}

TEST_F(JourneyTest, WhoArrivedWhereNobodyTakesOverHasToComeBack) {
  Accepted();
  ASSERT_TRUE(Depart().ok());
  ASSERT_TRUE(world.Settle());
  ASSERT_TRUE(Arrive(odense).ok());
  ASSERT_TRUE(Do(world, holder, "RecallHandover", handover).ok());
  ASSERT_TRUE(world.Settle());
  ExpectJourneyAgreed();
  EXPECT_EQ(JourneyAt(holder).stage(), lv1::JOURNEY_STAGE_TO_COME_BACK);
  ASSERT_TRUE(Arrive(holder).ok());
  ASSERT_TRUE(world.Settle());
  ExpectJourneyAgreed();
}

TEST_F(JourneyTest, AMissingPersonIsAmongTheOpenHandovers) {
  Departed();
  ASSERT_TRUE(Do(world, odense, "DeclineOffer", handover).ok());
  ASSERT_TRUE(world.Settle());
  hv1::ListHandoversRequest open;
  open.set_open_only(true);
  const auto listed = holder.Call<hv1::ListHandoversResponse>(
      "exitbus.handover.v1.HandoverService.ListHandovers", open);
  ASSERT_TRUE(listed.ok()) << listed.status();
  ASSERT_THAT(listed->handovers(), SizeIs(1));
  EXPECT_EQ(listed->handovers(0).handover_id(), handover);
}

TEST_F(JourneyTest, NobodyDepartsBeforeTheFinalYesOrForWhereHeIsAskedBackFrom) {
  Agreed();
  EXPECT_EQ(RuleOf(Depart()), "handover.not_accepted");
  EXPECT_EQ(RuleOf(Arrive(odense)), "handover.nobody_under_way");
  ASSERT_TRUE(Do(world, odense, "AcceptHandover", handover).ok());
  ASSERT_TRUE(world.Settle());
  ASSERT_TRUE(Do(world, holder, "OfferHandover", handover).ok());
  ASSERT_TRUE(Revoke().ok());
  ASSERT_TRUE(world.Settle());
  EXPECT_EQ(RuleOf(Depart()), "handover.recall_already_asked");
}

}  // namespace
}  // namespace exitbus::simulation
