// A revocation and another act at once, where nothing but consent is recorded, and an authority
// dies at a commit: one of the two answers for the case, and knows who it is.
#include <gtest/gtest.h>

#include <string>

#include "absl/strings/str_cat.h"
#include "tests/simulation/caseworker.h"

namespace exitbus::simulation {
namespace {

namespace cv1 = casework::v1;
namespace hv1 = handover::v1;

class CrossingRevocationTest : public testing::TestWithParam<const char*> {
 protected:
  static void Cross(int victim, int nth, bool durable, bool turned) {
    World world(static_cast<std::uint64_t>(nth));
    Node& holder = world.Municipality("0183");
    Node& receiver = world.Municipality("0461");
    const std::string case_id = EnrolledCase(world, holder);
    ASSERT_TRUE(EndLaw(world, holder, case_id).ok());
    const std::string act = GetParam();
    const std::string id = act == "AcceptHandover" ? Agreed(world, holder, case_id, receiver)
                           : act == "TakeOverCase" ? Offered(world, holder, case_id, receiver)
                                                   : Accepted(world, holder, case_id, receiver);
    const auto one = [&] {
      if (act == "RecordLegalBasis") return (void)RecordLaw(world, holder, case_id);
      (void)Do(world, act == "OfferHandover" ? holder : receiver, act, id);
    };
    const auto other = [&] { (void)RevokeConsent(world, holder, case_id); };
    (victim == 0 ? holder : receiver).DieAtCommit(nth, durable);
    turned ? other() : one();
    turned ? one() : other();
    EXPECT_TRUE(world.Settle());
    world.Pass(absl::Seconds(30));  // what a death has kept from falling due does
    EXPECT_TRUE(world.Settle());
    ExpectSound(holder, receiver, case_id, id);
  }

  // One of the two answers for the case, and knows who it is; the other knows that as far as it was
  // told.
  static void ExpectSound(Node& holder, Node& receiver, const std::string& case_id,
                          const std::string& id) {
    const auto ours = GetHandover(holder, id);
    ASSERT_TRUE(ours.ok()) << ours.status();
    const auto theirs = GetCase(receiver, case_id);
    const bool moved = GetCase(holder, case_id)->standing() == cv1::STANDING_FORMER;
    EXPECT_EQ(theirs.ok(), moved);
    if (moved) {
      EXPECT_EQ(theirs->standing(), cv1::STANDING_RESPONSIBLE);
      EXPECT_EQ(theirs->person().name(), "Canary Name");
      EXPECT_EQ(theirs->agreement().measures_size(), 2);
    } else if (ours->stage() == hv1::HANDOVER_STAGE_ACCEPTED) {
      EXPECT_EQ(GetHandover(receiver, id)->has_person(), ours->identity_released());
    } else {
      EXPECT_EQ(GetHandover(receiver, id)->stage(), ours->stage());
    }
    EXPECT_TRUE(GetCase(holder, case_id)->consent().has_revoked());
    for (Node* node : {&holder, &receiver}) {
      EXPECT_EQ(node->telemetry().Total("letters.refused_by_peer"), 0) << node->id();
    }
  }
};

TEST_P(CrossingRevocationTest, OneAnswersForTheCaseAndKnowsWhoItIs) {
  for (const int victim : {0, 1}) {
    for (int nth = 1; nth <= 3; ++nth) {
      for (const bool durable : {false, true}) {
        for (const bool turned : {false, true}) {
          SCOPED_TRACE(absl::StrCat(victim, " ", nth, durable ? " after" : " before",
                                    turned ? " turned" : ""));
          Cross(victim, nth, durable, turned);
        }
      }
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Acts, CrossingRevocationTest,
                         testing::Values("AcceptHandover", "OfferHandover", "TakeOverCase",
                                         "RecordLegalBasis"),
                         [](const auto& info) { return std::string(info.param); });

}  // namespace
}  // namespace exitbus::simulation
