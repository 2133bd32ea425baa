// A release that moves and then vanishes, while a municipality is offered the case: nobody
// declines, and one authority answers for the person at any time.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/simulation/supervision_world.h"

namespace exitbus::simulation {
namespace {

namespace cv1 = casework::v1;
namespace hv1 = handover::v1;
using testing::IsEmpty;

constexpr absl::Duration kDay = absl::Hours(24);

class ReleaseTest : public testing::Test, protected SupervisionWorld {
 protected:
  hv1::HandoverStage StageAt(Node& node) { return GetHandover(node, handover)->stage(); }
  bool Answers(Node& node) {
    const auto seen = GetCase(node, id);
    return seen.ok() && seen->standing() == cv1::STANDING_RESPONSIBLE;
  }
  std::string id, handover;
};

TEST_F(ReleaseTest, AnOfferForADayThatGoesAwayIsBackWithoutBeingDeclined) {
  id = EnrolledCase(world, kif);
  handover = Offered(world, kif, id, ishoej);
  const std::uint64_t number = GetHandover(kif, handover)->offered_number();
  ASSERT_EQ(Cancel(id), "");
  EXPECT_EQ(StageAt(kif), hv1::HANDOVER_STAGE_ACCEPTED);
  EXPECT_EQ(StageAt(ishoej), hv1::HANDOVER_STAGE_ACCEPTED);
  EXPECT_FALSE(GetHandover(ishoej, handover)->has_planned_release());
  EXPECT_FALSE(GetHandover(ishoej, handover)->has_expected());
  EXPECT_TRUE(Answers(kif));
  EXPECT_FALSE(Answers(ishoej));
  EXPECT_EQ(RuleOf(simulation::Do(world, ishoej, "TakeOverCase", handover).status()),
            "handover.no_offer_stands");
  EXPECT_EQ(RuleOf(simulation::Do(world, kif, "OfferHandover", handover).status()),
            "release.plan_required");
  ASSERT_EQ(Plan(id, Now() + kDay), "");
  EXPECT_TRUE(GetHandover(ishoej, handover)->has_planned_release());
  Days(2);
  ASSERT_TRUE(simulation::Do(world, kif, "OfferHandover", handover).ok());
  ASSERT_TRUE(world.Settle());
  EXPECT_GT(GetHandover(ishoej, handover)->offered_number(), number);
  ASSERT_TRUE(simulation::Do(world, ishoej, "TakeOverCase", handover).ok());
  ASSERT_TRUE(world.Settle());
  EXPECT_TRUE(Answers(ishoej));
  EXPECT_FALSE(Answers(kif));
  EXPECT_EQ(GetCase(kif, id)->releases_size(), 3) << "planned, cancelled, planned";
  ExpectNothingRefused();
}

TEST_F(ReleaseTest, WhoIsAskedHearsTheMonthAndWhoHasAcceptedTheDay) {
  id = EnrolledCase(world, kif);
  const auto asked = Request(world, kif, id, ishoej);
  ASSERT_TRUE(asked.ok());
  handover = asked->handover_id();
  ASSERT_TRUE(world.Settle());
  ASSERT_EQ(Plan(id, Now() + 90 * kDay), "");
  EXPECT_FALSE(GetHandover(ishoej, handover)->has_planned_release());
  EXPECT_GT(exchange::FromProto(GetHandover(ishoej, handover)->expected()), Now() + 45 * kDay);
  ASSERT_TRUE(simulation::Do(world, ishoej, "AgreeTerms", handover).ok());
  ASSERT_TRUE(simulation::Do(world, ishoej, "AcceptHandover", handover).ok());
  ASSERT_TRUE(world.Settle());
  ASSERT_EQ(Plan(id, Now() + 60 * kDay), "");
  EXPECT_TRUE(GetHandover(ishoej, handover)->has_planned_release());
  ExpectNothingRefused();
}

// Both at once, and one of them dies at each of its next commits: the receiver's store decides, and
// both know what.
class ReleaseCrossingTest : public testing::TestWithParam<int> {};

TEST_P(ReleaseCrossingTest, WithATakeOverOneOfTheTwoAnswersForTheCase) {
  int moved = 0, returned = 0;
  for (int nth = 1; nth <= 6; ++nth) {
    for (const bool durable : {false, true}) {
      for (const bool turned : {false, true}) {
        SupervisionWorld at;
        const std::string id = EnrolledCase(at.world, at.kif);
        const std::string handover = Offered(at.world, at.kif, id, at.ishoej);
        (GetParam() == 0 ? at.kif : at.ishoej).DieAtCommit(nth, durable);
        const auto cancel = [&] { (void)at.CancelAtOnce(id); };
        const auto take = [&] {
          (void)simulation::Do(at.world, at.ishoej, "TakeOverCase", handover);
        };
        turned ? cancel() : take();
        // Half the time the receiver hears of it first.
        if (nth % 2 == 0) at.world.Pass(absl::Seconds(2));
        turned ? take() : cancel();
        ASSERT_TRUE(at.world.Settle());
        at.world.Pass(absl::Seconds(30));
        ASSERT_TRUE(at.world.Settle());
        const auto ours = GetCase(at.kif, id);
        const auto theirs = GetCase(at.ishoej, id);
        ASSERT_TRUE(ours.ok()) << ours.status();
        const bool has_moved = theirs.ok();
        EXPECT_EQ(ours->standing(), has_moved ? cv1::STANDING_FORMER : cv1::STANDING_RESPONSIBLE);
        EXPECT_EQ(GetHandover(at.kif, handover)->stage(),
                  GetHandover(at.ishoej, handover)->stage());
        ++(has_moved ? moved : returned);
      }
    }
  }
  EXPECT_GT(moved, 0);
  EXPECT_GT(returned, 0);
}

INSTANTIATE_TEST_SUITE_P(Victim, ReleaseCrossingTest, testing::Values(0, 1));

}  // namespace
}  // namespace exitbus::simulation
