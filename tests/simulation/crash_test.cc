// Durability: a process that dies at any commit, a broker that dies or loses its disk at any point.
// What was answered stays true, what was sent arrives once, and exactly one authority answers.
#include <gtest/gtest.h>

#include "exitbus/casework/v1/case_service.pb.h"
#include "tests/simulation/caseworker.h"
#include "tests/simulation/whole_journal.h"

namespace exitbus::simulation {
namespace {

namespace cv1 = casework::v1;
namespace hv1 = handover::v1;

// How many of the two answer for the case at this moment, as they see it themselves.
int Responsible(Node& a, Node& b, const std::string& case_id) {
  int count = 0;
  for (Node* node : {&a, &b}) {
    const auto known = GetCase(*node, case_id);
    count += known.ok() && known->standing() == cv1::STANDING_RESPONSIBLE;
  }
  return count;
}

// The story's heart, every step repeated until it is answered, as a careful client does. Between
// the receiver's take-over and the former holder's hearing of it both may think they answer; by the
// evidence only one does, and before the take-over there is exactly one.
void HandOver(World& world, Node& from, Node& to, const std::string& case_id) {
  const auto requested = Request(world, from, case_id, to);
  ASSERT_TRUE(requested.ok()) << requested.status();
  const std::string id = requested->handover_id();
  const auto step = [&](Node& node, std::string_view rpc) {
    ASSERT_TRUE(world.Settle());
    EXPECT_EQ(Responsible(from, to, case_id), 1) << "before " << rpc;
    const auto done = Do(world, node, rpc, id);
    ASSERT_TRUE(done.ok()) << rpc << ": " << done.status();
  };
  step(to, "AgreeTerms");
  step(to, "AcceptHandover");
  step(from, "OfferHandover");
  step(to, "TakeOverCase");
  step(from, "AcknowledgeHandover");
  step(from, "CloseHandover");
  step(to, "CloseHandover");
}

void ExpectHandedOver(Node& from, Node& to, Node& nec, const std::string& case_id) {
  EXPECT_EQ(GetCase(to, case_id)->standing(), cv1::STANDING_RESPONSIBLE);
  EXPECT_EQ(GetCase(from, case_id)->standing(), cv1::STANDING_FORMER);
  EXPECT_EQ(GetCase(to, case_id)->visitation().health_needs(), "canary-health");
  const auto entry = OnlyEntry(nec);
  ASSERT_TRUE(entry.ok()) << entry.status();
  EXPECT_EQ(entry->authority(), to.id());
  for (Node* node : {&from, &to, &nec}) {
    ExpectWholeJournal(*node);
    EXPECT_EQ(node->telemetry().Total("correspondences.stopped"), 0);
    EXPECT_EQ(node->telemetry().Total("letters.refused_by_peer"), 0);
    EXPECT_EQ(node->telemetry().Total("dead_letters"), 0);
  }
}

// Kills one side at its n-th commit from the request on, for every n there is.
void KillAtEveryCommit(bool victim_is_holder, bool durable) {
  int deaths = 0;
  while (true) {
    SCOPED_TRACE("commit " + std::to_string(deaths));
    World world(deaths + 1);
    Node& from = world.Municipality("0183");
    Node& to = world.Municipality("0461");
    Node& nec = world.Nec();
    const std::string case_id = EnrolledCase(world, from);
    ASSERT_TRUE(world.Settle());
    Node& victim = victim_is_holder ? from : to;
    victim.DieAtCommit(deaths, durable);
    HandOver(world, from, to, case_id);
    ASSERT_TRUE(world.Settle());
    ExpectHandedOver(from, to, nec, case_id);
    if (testing::Test::HasFailure()) return;
    if (!victim.died()) break;  // it does not commit that often
    ++deaths;
  }
  EXPECT_GT(deaths, 10);
}

TEST(CrashTest, TheHolderMayDieBeforeAnyCommit) { KillAtEveryCommit(true, false); }
TEST(CrashTest, TheHolderMayDieAfterAnyCommit) { KillAtEveryCommit(true, true); }
TEST(CrashTest, TheReceiverMayDieBeforeAnyCommit) { KillAtEveryCommit(false, false); }
TEST(CrashTest, TheReceiverMayDieAfterAnyCommit) { KillAtEveryCommit(false, true); }

TEST(CrashTest, TheBrokerMayLoseItsDiskAtAnyPublish) {
  int losses = 0;
  while (true) {
    SCOPED_TRACE("publish " + std::to_string(losses));
    World world(losses + 1);
    Node& from = world.Municipality("0183");
    Node& to = world.Municipality("0461");
    Node& nec = world.Nec();
    const std::string case_id = EnrolledCase(world, from);
    ASSERT_TRUE(world.Settle());
    int published = 0;
    world.broker.SetPublishFault([&](const exchange::BusRecord&) {
      if (published++ == losses) {
        world.executor.Post([&] {
          world.broker.Stop();
          world.broker.Wipe();
          world.executor.PostAfter(absl::Seconds(20), [&] { world.broker.Start(); });
        });
      }
      return adapters::PublishFault::kNone;
    });
    HandOver(world, from, to, case_id);
    ASSERT_TRUE(world.Settle());
    ExpectHandedOver(from, to, nec, case_id);
    if (testing::Test::HasFailure()) return;
    if (published <= losses) break;  // a handover does not publish that often
    EXPECT_EQ(world.broker.cluster_id(), "cluster-2") << "it lost its disk";
    ++losses;
  }
  EXPECT_GT(losses, 10);
}

TEST(CrashTest, PublishesMayBeLostFailedOrDoubled) {
  for (const auto fault : {adapters::PublishFault::kLost, adapters::PublishFault::kStoredButFailed,
                           adapters::PublishFault::kDuplicated}) {
    World world;
    Node& from = world.Municipality("0183");
    Node& to = world.Municipality("0461");
    Node& nec = world.Nec();
    const std::string case_id = EnrolledCase(world, from);
    ASSERT_TRUE(world.Settle());
    int published = 0;
    world.broker.SetPublishFault([&](const exchange::BusRecord&) {
      return published++ % 2 == 0 ? fault : adapters::PublishFault::kNone;
    });
    HandOver(world, from, to, case_id);
    ASSERT_TRUE(world.Settle());
    ExpectHandedOver(from, to, nec, case_id);
    EXPECT_GT(published, 10);
  }
}

TEST(CrashTest, ARepeatedRequestGetsTheFirstOutcomeAcrossACrash) {
  World world;
  Node& node = world.Municipality("0183");
  cv1::OpenCaseRequest open;
  open.set_request_id("the-same");
  open.mutable_person()->set_cpr_number("6101900001");
  open.mutable_person()->set_name("Canary Name");
  const auto first =
      node.Call<cv1::OpenCaseResponse>("exitbus.casework.v1.CaseService.OpenCase", open);
  ASSERT_TRUE(first.ok());
  node.Crash();
  node.Start();
  const auto again =
      node.Call<cv1::OpenCaseResponse>("exitbus.casework.v1.CaseService.OpenCase", open);
  ASSERT_TRUE(again.ok()) << again.status();
  EXPECT_EQ(again->case_().case_id(), first->case_().case_id());
  open.set_current_address("elsewhere");
  EXPECT_EQ(
      RuleOf(node.Call<cv1::OpenCaseResponse>("exitbus.casework.v1.CaseService.OpenCase", open)
                 .status()),
      "request.id_reused");
}

TEST(CrashTest, ACommitThatFailsAnswersUnavailableAndChangesNothing) {
  World world;
  Node& node = world.Municipality("0183");
  node.store().FailNextCommits(2);  // the batch, and the item alone
  cv1::OpenCaseRequest open;
  open.set_request_id("one");
  open.mutable_person()->set_cpr_number("6101900001");
  open.mutable_person()->set_name("Canary Name");
  const auto failed =
      node.Call<cv1::OpenCaseResponse>("exitbus.casework.v1.CaseService.OpenCase", open);
  EXPECT_TRUE(absl::IsUnavailable(failed.status()));
  EXPECT_TRUE(node.store().rows(exchange::Table::kStates).empty());
  EXPECT_TRUE(
      node.Call<cv1::OpenCaseResponse>("exitbus.casework.v1.CaseService.OpenCase", open).ok());
}

}  // namespace
}  // namespace exitbus::simulation
