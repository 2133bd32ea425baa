// An erasure that meets somebody who is away, or something under way: whoever was away complies
// before it answers, what crosses the order changes nothing, and who dies goes on where it was.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "exitbus/casework/v1/case_service.pb.h"
#include "exitbus/nec/v1/overview_service.pb.h"
#include "exitbus/recovery/v1/order.pb.h"
#include "tests/simulation/erasure_world.h"

namespace exitbus::simulation {
namespace {

namespace cv1 = casework::v1;
namespace nv1 = nec::v1;
using testing::IsEmpty;

class ErasureCrossingTest : public testing::Test, protected ErasureWorld {
 protected:
  // While somebody is away, so that nothing ever settles.
  void MoveMeanwhile(Node& from, Node& to, const std::string& case_id) {
    const auto requested = Request(world, from, case_id, to);
    ASSERT_TRUE(requested.ok()) << requested.status();
    for (const auto& [node, rpc] :
         std::vector<std::pair<Node*, std::string_view>>{{&to, "AgreeTerms"},
                                                         {&to, "AcceptHandover"},
                                                         {&from, "OfferHandover"},
                                                         {&to, "TakeOverCase"}}) {
      world.Pass(absl::Minutes(1));
      const auto done = Do(world, *node, rpc, requested->handover_id());
      ASSERT_TRUE(done.ok()) << rpc << ": " << done.status();
    }
    world.Pass(absl::Minutes(1));
  }
};

TEST_F(ErasureCrossingTest, WhoWasAwayCompliesBeforeItAnswers) {
  const std::string case_id = EnrolledCase(world, ishoej);
  MovedTo(odense, case_id);
  ASSERT_TRUE(Withdraw(odense, case_id).ok());
  ASSERT_TRUE(world.Settle());
  nv1::GetEntryRequest entry;
  entry.set_overview_id(OnlyEntry(nec)->overview_id());
  for (Node* node : {&nec, &ishoej, &vestegnen}) node->Crash();
  ASSERT_TRUE(Erase(odense, case_id).ok());
  world.Pass(absl::Minutes(10));
  EXPECT_FALSE(ErasureAt(odense).complete());
  for (Node* node : {&nec, &ishoej}) {
    EXPECT_THAT(UnitsOf(*node), testing::SizeIs(1)) << node->id();
    node->Start();
  }
  EXPECT_TRUE(absl::IsNotFound(
      nec.Call<nv1::GetEntryResponse>("exitbus.nec.v1.OverviewService.GetEntry", entry).status()));
  EXPECT_TRUE(absl::IsNotFound(GetCase(ishoej, case_id).status()));
  world.Pass(absl::Minutes(10));
  EXPECT_FALSE(ErasureAt(odense).complete()) << "Ishøj has passed it on and waits";
  vestegnen.Start();
  EXPECT_THAT(FilesAt(vestegnen), IsEmpty());
  ExpectNothingLeft();
}

// NEC and the police hear of a case that came, moved, ended and was erased while they were away:
// what told of the person is withheld by then, and yet nothing hangs.
TEST_F(ErasureCrossingTest, OfWhatNeverArrivedLeavesNothingHanging) {
  nec.Crash();
  desk.Crash();
  const std::string case_id = EnrolledCase(world, ishoej);
  ASSERT_NO_FATAL_FAILURE(MoveMeanwhile(ishoej, odense, case_id));
  ASSERT_TRUE(Withdraw(odense, case_id).ok());
  ASSERT_TRUE(Erase(odense, case_id).ok());
  world.Pass(absl::Minutes(10));
  // All that lay on the bus is lost; what is published again is what may still go.
  world.broker.Wipe();
  nec.Start();
  desk.Start();
  ExpectNothingLeft();
}

TEST_F(ErasureCrossingTest, OfWhatThePoliceNeverHeardLeavesNothingHanging) {
  const std::string case_id = EnrolledCase(world, ishoej);
  ASSERT_TRUE(world.Settle());
  vestegnen.Crash();
  cv1::RequestPoliceClarificationRequest ask;
  ask.set_request_id(world.RequestId());
  ask.set_case_id(case_id);
  ASSERT_TRUE(ishoej
                  .Call<cv1::RequestPoliceClarificationResponse>(
                      "exitbus.casework.v1.CaseService.RequestPoliceClarification", ask)
                  .ok());
  ASSERT_NO_FATAL_FAILURE(MoveMeanwhile(ishoej, albertslund, case_id));
  ASSERT_TRUE(Withdraw(albertslund, case_id).ok());
  ASSERT_TRUE(Erase(albertslund, case_id).ok());
  world.Pass(absl::Minutes(10));
  world.broker.Wipe();
  vestegnen.Start();
  ExpectNothingLeft();
}

// The order is believed from the new holder only, and its take-over lies unread, sealed under a key
// that is gone for all that tells of the person.
TEST_F(ErasureCrossingTest, WhoMissedTheTakeOverHearsOfItAllTheSame) {
  const std::string case_id = EnrolledCase(world, ishoej);
  Assessed(case_id);
  const std::string id = Offered(world, ishoej, case_id, odense);
  ASSERT_TRUE(world.Settle());
  const std::vector<Node*> away = {&ishoej, &nec, &desk, &vestegnen, &fyn};
  for (Node* node : away) node->Crash();
  ASSERT_TRUE(Do(world, odense, "TakeOverCase", id).ok());
  ASSERT_TRUE(Withdraw(odense, case_id).ok());
  ASSERT_TRUE(Erase(odense, case_id).ok());
  world.Pass(absl::Minutes(10));
  world.broker.Wipe();
  for (Node* node : away) node->Start();
  ExpectNothingLeft();
}

// The receiving unit has not heard that the handover failed when the case is erased.
TEST_F(ErasureCrossingTest, ReachesAPoliceUnitThatGotTheAssessmentForNothing) {
  const std::string case_id = EnrolledCase(world, ishoej);
  Assessed(case_id);
  const std::string id = Offered(world, ishoej, case_id, odense);
  ASSERT_TRUE(world.Settle());
  ASSERT_THAT(PlantedAt(fyn), testing::Contains("canary-environment"));
  fyn.Crash();
  ASSERT_TRUE(Do(world, odense, "DeclineOffer", id).ok());
  world.Pass(absl::Minutes(1));
  ASSERT_TRUE(Withdraw(ishoej, case_id).ok());
  ASSERT_TRUE(Erase(ishoej, case_id).ok());
  world.Pass(absl::Minutes(10));
  EXPECT_FALSE(ErasureAt(ishoej).complete());
  fyn.Start();
  ExpectNothingLeft();
}

// Neither unit has heard that the handover failed when the order comes to that of the case: over
// another channel, so that it may be the first.
TEST_F(ErasureCrossingTest, ReachesTheOtherUnitAlsoWhereTheEndIsStillOnItsWay) {
  const std::string case_id = EnrolledCase(world, ishoej);
  Assessed(case_id);
  const std::string id = Offered(world, ishoej, case_id, odense);
  ASSERT_TRUE(world.Settle());
  world.broker.SetPublishFault([](const exchange::BusRecord& record) {
    const bool held = record.topic.starts_with("exitbus.v1.handover.police.");
    return held ? adapters::PublishFault::kLost : adapters::PublishFault::kNone;
  });
  ASSERT_TRUE(Do(world, odense, "DeclineOffer", id).ok());
  world.Pass(absl::Minutes(1));
  ASSERT_TRUE(Withdraw(ishoej, case_id).ok());
  ASSERT_TRUE(Erase(ishoej, case_id).ok());
  world.Pass(absl::Minutes(10));
  EXPECT_THAT(PlantedAt(fyn), testing::Contains("canary-environment"));
  EXPECT_FALSE(ErasureAt(ishoej).complete());
  world.broker.SetPublishFault(nullptr);
  ExpectNothingLeft();
}

TEST_F(ErasureCrossingTest, WhatCrossesTheOrderChangesNothing) {
  const std::string case_id = EnrolledCase(world, ishoej);
  MovedTo(odense, case_id);
  ASSERT_TRUE(world.Settle());
  const std::string id = GetCase(ishoej, case_id)->handover_id();
  // A late fact from the former holder and a new assessment from the police, neither read yet; the
  // police have not heard by then that the citizen has left.
  world.broker.SetPublishFault([](const exchange::BusRecord& record) {
    const bool held = record.topic.starts_with("exitbus.v1.case.police.");
    return held ? adapters::PublishFault::kLost : adapters::PublishFault::kNone;
  });
  ASSERT_TRUE(Withdraw(odense, case_id).ok());
  world.Pass(absl::Minutes(1));
  odense.Crash();
  ASSERT_TRUE(Do(world, ishoej, "RecordLateFact", id).ok());
  ASSERT_TRUE(AssessAnew(fyn).ok());
  world.broker.SetPublishFault(nullptr);
  world.Pass(absl::Minutes(1));
  world.broker.Stop();
  odense.Start();
  // It has read nothing of what crosses the order; its operator answers for that.
  odense.Serve();
  recovery::v1::Order accept;
  accept.set_order_id("order-1");
  accept.set_authority(odense.id());
  accept.set_operator_("operator-1");
  accept.set_reason("the broker is away, and the citizen waits");
  accept.mutable_accept_unheard();
  ASSERT_TRUE(odense.engine().TakeOrder(accept).carried_out());
  ASSERT_TRUE(Erase(odense, case_id).ok());
  world.broker.Start();
  ExpectNothingLeft();
  EXPECT_GE(odense.telemetry().Total("letters.without_effect", {{"name", "erased"}}), 2);
}

// Dies at its n-th commit from the order on, for every n there is.
void KillAtEveryCommit(Node& (*victim_of)(ErasureWorld&), bool durable, int deaths_min) {
  int deaths = 0;
  while (true) {
    SCOPED_TRACE("commit " + std::to_string(deaths));
    ErasureWorld each(deaths + 1);
    const std::string case_id = EnrolledCase(each.world, each.ishoej);
    each.MovedTo(each.odense, case_id);
    ASSERT_TRUE(each.world.Settle());
    ASSERT_TRUE(each.Withdraw(each.odense, case_id).ok());
    Node& victim = victim_of(each);
    victim.DieAtCommit(deaths, durable);
    const auto erased = each.Erase(each.odense, case_id);
    ASSERT_TRUE(erased.ok()) << erased.status();
    each.ExpectNothingLeft();
    if (testing::Test::HasFailure()) return;
    if (!victim.died()) break;  // it does not commit that often
    ++deaths;
  }
  EXPECT_GE(deaths, deaths_min);
}

TEST(ErasureCrashTest, TheHolderMayDieBeforeOrAfterAnyCommit) {
  for (const bool durable : {false, true}) {
    KillAtEveryCommit([](ErasureWorld& w) -> Node& { return w.odense; }, durable, 5);
  }
}
TEST(ErasureCrashTest, TheFormerHolderMayDieBeforeOrAfterAnyCommit) {
  for (const bool durable : {false, true}) {
    KillAtEveryCommit([](ErasureWorld& w) -> Node& { return w.ishoej; }, durable, 4);
  }
}
TEST(ErasureCrashTest, ThePoliceMayDieBeforeOrAfterAnyCommit) {
  for (const bool durable : {false, true}) {
    KillAtEveryCommit([](ErasureWorld& w) -> Node& { return w.vestegnen; }, durable, 2);
    KillAtEveryCommit([](ErasureWorld& w) -> Node& { return w.fyn; }, durable, 2);
  }
}
TEST(ErasureCrashTest, NecMayDieBeforeOrAfterAnyCommit) {
  for (const bool durable : {false, true}) {
    KillAtEveryCommit([](ErasureWorld& w) -> Node& { return w.nec; }, durable, 2);
  }
}

}  // namespace
}  // namespace exitbus::simulation
