// What has been disclosed is taken back by a revocation or put right by a correction, and somebody
// dies at any commit of it, or the broker loses its disk.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <string>

#include "exitbus/casework/v1/case_service.pb.h"
#include "tests/simulation/caseworker.h"
#include "tests/simulation/whole_journal.h"

namespace exitbus::simulation {
namespace {

namespace cv1 = casework::v1;
using testing::UnorderedElementsAre;

constexpr char kRightNumber[] = "6101900009";

// One side dies at its n-th commit while the consent is revoked and the case taken over at once.
void RevokeAndDieAtEveryCommit(bool victim_is_holder, bool durable) {
  int deaths = 0;
  while (true) {
    SCOPED_TRACE("commit " + std::to_string(deaths));
    World world(deaths + 1);
    Node& from = world.Municipality("0183");
    Node& to = world.Municipality("0461");
    const std::string case_id = EnrolledCase(world, from);
    const std::string id = Accepted(world, from, case_id, to);
    Node& victim = victim_is_holder ? from : to;
    victim.DieAtCommit(deaths, durable);
    ASSERT_TRUE(Do(world, from, "OfferHandover", id).ok());
    world.Pass(absl::Milliseconds(500));
    ASSERT_TRUE(RevokeConsent(world, from, case_id).ok());
    ASSERT_TRUE(world.Settle());
    ASSERT_TRUE(Do(world, to, "TakeOverCase", id).ok());
    ASSERT_TRUE(world.Settle());
    const auto taken = GetCase(to, case_id);
    const auto former = GetCase(from, case_id);
    EXPECT_EQ(taken->standing(), cv1::STANDING_RESPONSIBLE);
    EXPECT_TRUE(former->consent().has_revoked());
    // Either it is kept with its consent shown as revoked, or it is not there and the sender knows.
    EXPECT_EQ(taken->visitation().motivation(), former->blocked_size() == 0 ? "real" : "");
    EXPECT_LE(taken->blocked_size(), former->blocked_size());
    for (Node* node : {&from, &to}) {
      ExpectWholeJournal(*node);
      EXPECT_EQ(node->telemetry().Total("correspondences.stopped"), 0);
      EXPECT_EQ(node->telemetry().Total("letters.refused_by_peer"), 0);
    }
    if (testing::Test::HasFailure()) return;
    if (!victim.died()) break;
    ++deaths;
  }
  EXPECT_GT(deaths, 3);
}

TEST(ConsentCrashTest, TheHolderMayDieBeforeAnyCommit) { RevokeAndDieAtEveryCommit(true, false); }
TEST(ConsentCrashTest, TheHolderMayDieAfterAnyCommit) { RevokeAndDieAtEveryCommit(true, true); }
TEST(ConsentCrashTest, TheReceiverMayDieBeforeAnyCommit) {
  RevokeAndDieAtEveryCommit(false, false);
}
TEST(ConsentCrashTest, TheReceiverMayDieAfterAnyCommit) { RevokeAndDieAtEveryCommit(false, true); }

// Whoever dies, and whatever the broker forgets, each is corrected once and confirms once.
void ExpectCorrectedDespite(const std::function<void(World&, Node&, Node&)>& misfortune,
                            bool* died = nullptr, int seed = 1, bool victim_is_holder = true) {
  World world(seed);
  Node& ishoej = world.Municipality("0183");
  Node& odense = world.Municipality("0461");
  Node& nec = world.Nec();
  const std::string case_id = EnrolledCase(world, ishoej);
  const std::string id = Accepted(world, ishoej, case_id, odense);
  misfortune(world, ishoej, odense);
  cv1::CorrectCaseRequest request;
  request.set_case_id(case_id);
  request.mutable_person()->set_cpr_number(kRightNumber);
  ASSERT_TRUE(Correct(world, ishoej, request).ok());
  ASSERT_TRUE(world.Settle());
  EXPECT_EQ(OnlyEntry(nec)->person().cpr_number(), kRightNumber);
  EXPECT_EQ(GetHandover(odense, id)->person().cpr_number(), kRightNumber);
  const auto known = GetCase(ishoej, case_id);
  ASSERT_EQ(known->corrections_size(), 1);
  EXPECT_THAT(known->corrections(0).confirmed(), UnorderedElementsAre("nec", odense.id()));
  for (Node* node : {&ishoej, &odense, &nec}) {
    ExpectWholeJournal(*node);
    EXPECT_EQ(node->telemetry().Total("letters.refused_by_peer"), 0);
    EXPECT_EQ(node->telemetry().Total("correspondences.stopped"), 0);
  }
  if (died != nullptr) *died = (victim_is_holder ? ishoej : odense).died();
}

void CorrectAndDieAtEveryCommit(bool victim_is_holder, bool durable) {
  bool died = true;
  int deaths = 0;
  for (; died && !testing::Test::HasFailure(); ++deaths) {
    SCOPED_TRACE("commit " + std::to_string(deaths));
    ExpectCorrectedDespite(
        [&](World&, Node& ishoej, Node& odense) {
          (victim_is_holder ? ishoej : odense).DieAtCommit(deaths, durable);
        },
        &died, deaths + 1, victim_is_holder);
  }
  EXPECT_GT(deaths, 1);
}

TEST(CorrectionCrashTest, TheHolderMayDieBeforeAnyCommit) {
  CorrectAndDieAtEveryCommit(true, false);
}
TEST(CorrectionCrashTest, TheHolderMayDieAfterAnyCommit) { CorrectAndDieAtEveryCommit(true, true); }
TEST(CorrectionCrashTest, TheReceiverMayDieBeforeAnyCommit) {
  CorrectAndDieAtEveryCommit(false, false);
}
TEST(CorrectionCrashTest, TheReceiverMayDieAfterAnyCommit) {
  CorrectAndDieAtEveryCommit(false, true);
}

TEST(CorrectionCrashTest, TheBrokerMayLoseItsDiskAtAnyPublish) {
  for (int n = 0; n < 8; ++n) {
    SCOPED_TRACE("publish " + std::to_string(n));
    ExpectCorrectedDespite([n](World& world, Node&, Node&) {
      auto published = std::make_shared<int>(0);
      world.broker.SetPublishFault([&world, published, n](const exchange::BusRecord&) {
        if ((*published)++ == n) {
          world.executor.Post([&world] {
            world.broker.Stop();
            world.broker.Wipe();
            world.executor.PostAfter(absl::Seconds(20), [&world] { world.broker.Start(); });
          });
        }
        return adapters::PublishFault::kNone;
      });
    });
  }
}

}  // namespace
}  // namespace exitbus::simulation
