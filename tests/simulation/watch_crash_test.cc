// Following a list through crashes, upgrades, erasures and restored backups: nothing is missed, and
// nothing that was acknowledged is repeated.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "exitbus/casework/v1/case_service.pb.h"
#include "exitbus/casework_journal/v1/journal.pb.h"
#include "exitbus/store/v1/rows.pb.h"
#include "services/exchange/change_index.h"
#include "services/exchange/keys.h"
#include "services/exchange/meta_keys.h"
#include "tests/simulation/caseworker.h"
#include "tests/simulation/follower.h"

namespace exitbus::simulation {
namespace {

namespace cv1 = casework::v1;
using testing::ElementsAre;

// What a client that follows through everything has been told, as it keeps it.
class Keeper {
 public:
  explicit Keeper(Node& node, const std::string& method) : node_(node), follower_(node, method) {}

  // Connects again if need be, takes in what has come, then acknowledges it.
  void Look() {
    if (!node_.running()) return;
    if (!follower_.under_way()) {
      follower_.Begin();
      taken_ = 0;
    }
    while (true) {
      const std::size_t before = follower_.heard();
      TakeIn();
      if (follower_.heard() == 0) return;
      follower_.Acknowledge();
      if (!follower_.under_way() || follower_.heard() == before) return;
    }
  }

  const std::map<std::string, std::string>& known() const { return known_; }
  int snapshots() const { return snapshots_; }

 private:
  void TakeIn() {
    for (; taken_ < follower_.heard(); ++taken_) {
      const Told& told = follower_.told()[taken_];
      if (told.what == "snapshot") {
        ++snapshots_;
      } else if (!told.id.empty()) {
        // What was acknowledged is not repeated: each message brings something new.
        EXPECT_NE(known_[told.id], told.etag) << told.what << " " << told.id;
        known_[told.id] = told.etag;
      }
    }
  }

  Node& node_;
  Follower follower_;
  std::map<std::string, std::string> known_;
  std::size_t taken_ = 0;
  int snapshots_ = 0;
};

void FollowThroughADeathAtEveryCommit(bool durable) {
  int deaths = 0;
  while (true) {
    SCOPED_TRACE("commit " + std::to_string(deaths));
    World world(deaths + 1);
    Node& from = world.Municipality("0183");
    Node& to = world.Municipality("0461");
    const std::string case_id = EnrolledCase(world, from);
    ASSERT_TRUE(world.Settle());
    Keeper cases(from, kWatchCases);
    Keeper handovers(from, kWatchHandovers);
    from.DieAtCommit(deaths, durable);
    const auto look = [&] {
      cases.Look();
      handovers.Look();
    };
    look();
    const auto requested = Request(world, from, case_id, to);
    ASSERT_TRUE(requested.ok()) << requested.status();
    const std::string id = requested->handover_id();
    for (const auto& [node, rpc] :
         std::vector<std::pair<Node*, std::string>>{{&to, "AgreeTerms"},
                                                    {&to, "AcceptHandover"},
                                                    {&from, "OfferHandover"},
                                                    {&to, "TakeOverCase"},
                                                    {&from, "AcknowledgeHandover"},
                                                    {&from, "CloseHandover"}}) {
      look();
      ASSERT_TRUE(world.Settle());
      look();
      const auto done = Do(world, *node, rpc, id);
      ASSERT_TRUE(done.ok()) << rpc << ": " << done.status();
    }
    ASSERT_TRUE(world.Settle());
    world.Pass(absl::Minutes(1));
    look();
    EXPECT_EQ(cases.known().at(case_id), GetCase(from, case_id)->etag());
    EXPECT_EQ(handovers.known().at(id), GetHandover(from, id)->etag());
    EXPECT_EQ(cases.snapshots(), 1);
    EXPECT_EQ(handovers.snapshots(), 1);
    if (testing::Test::HasFailure()) return;
    if (!from.died()) break;  // it does not commit that often
    ++deaths;
  }
  EXPECT_GT(deaths, 20);
}

TEST(WatchCrashTest, NothingIsMissedOrRepeatedWhenTheServiceDiesBeforeAnyCommit) {
  FollowThroughADeathAtEveryCommit(false);
}
TEST(WatchCrashTest, NothingIsMissedOrRepeatedWhenTheServiceDiesAfterAnyCommit) {
  FollowThroughADeathAtEveryCommit(true);
}

class WatchStoreTest : public testing::Test {
 protected:
  // From the next start on, cases with a consent are in no list.
  void LeaveOutConsented() {
    world.another_version = [](exchange::Service& service) {
      for (exchange::Method& method : service.aggregates[0].methods) {
        if (method.watch != kWatchCases) continue;
        method.list_view = [list = method.list_view](const auto& state, auto key,
                                                     const auto& request, const auto& context) {
          auto view = list(state, key, request, context);
          if (view != nullptr && static_cast<const cv1::Case&>(*view).has_consent()) view.reset();
          return view;
        };
      }
    };
  }
  void Restart() {
    node.Crash();
    node.Start();
  }
  std::string Open(const std::string& cpr) {
    cv1::OpenCaseRequest request;
    request.set_request_id(world.RequestId());
    request.mutable_person()->set_cpr_number(cpr);
    request.mutable_person()->set_name("Canary Name");
    const auto answer =
        node.Call<cv1::OpenCaseResponse>("exitbus.casework.v1.CaseService.OpenCase", request);
    world.executor.RunUntilIdle();
    return answer->case_().case_id();
  }
  void Consent(const std::string& id) {
    cv1::RecordConsentRequest request;
    request.set_request_id(world.RequestId());
    request.set_case_id(id);
    request.add_covers(policy::v1::AUTHORITY_KIND_MUNICIPALITY);
    ASSERT_TRUE(node.Call<cv1::RecordConsentResponse>(
                        "exitbus.casework.v1.CaseService.RecordConsent", request)
                    .ok());
    world.executor.RunUntilIdle();
  }

  World world;
  Node& node = world.Municipality("0183");
  Follower follower{node, kWatchCases};
};

TEST_F(WatchStoreTest, WhatLeavesTheListIsGone) {
  LeaveOutConsented();
  Restart();
  const std::string stays = Open("6101900001");
  const std::string leaves = Open("6101900002");
  follower.Begin().CatchUp();
  Consent(leaves);
  EXPECT_EQ(follower.Story().back(), "gone " + leaves);
  follower.CatchUp();
  EXPECT_THAT(follower.Begin().Story(), ElementsAre("caught up"));
  // Who begins now hears nothing of it.
  EXPECT_THAT(follower.BeginWith("").Story(),
              ElementsAre("snapshot", "case " + stays, "caught up"));
}

TEST_F(WatchStoreTest, AnUpgradeTellsWhatItChanged) {
  const std::string id = Open("6101900001");
  const std::string same = Open("6101900002");
  Consent(id);
  follower.Begin().CatchUp();
  Restart();
  EXPECT_THAT(follower.Begin().Story(), ElementsAre("caught up"));
  LeaveOutConsented();
  Restart();
  EXPECT_THAT(follower.Begin().Story(), ElementsAre("gone " + id, "caught up"));
  follower.CatchUp();
  world.another_version = nullptr;
  Restart();
  EXPECT_THAT(follower.Begin().Story(), ElementsAre("case " + id, "caught up"));
}

TEST_F(WatchStoreTest, AProgramWithoutTheIndexMayHaveRunMeanwhile) {
  const std::string id = Open("6101900001");
  follower.Begin().CatchUp();
  world.another_version = [](exchange::Service& service) {
    for (exchange::Method& method : service.aggregates[0].methods) method.watch.clear();
  };
  Restart();
  Consent(id);
  const std::string opened = Open("6101900002");
  world.another_version = nullptr;
  Restart();
  follower.Begin();
  EXPECT_THAT(follower.Story(),
              testing::UnorderedElementsAre("case " + id, "case " + opened, "caught up"));
}

// At the start what is there is named anew.
TEST_F(WatchStoreTest, WhatAProgramWithoutTheIndexTookAwayIsBack) {
  const std::string id = Open("6101900001");
  follower.Begin().CatchUp();
  world.another_version = [](exchange::Service& service) {
    exchange::Aggregate& files = service.aggregates[0];
    for (exchange::Method& method : files.methods) method.watch.clear();
    files.keys = [keys = files.keys](const auto& state, const auto& lookup) {
      auto all = keys(state, lookup);
      std::erase_if(all, [&](const std::string& key) {
        return exchange::KindName::Decode(key)->kind == "case" &&
               static_cast<const casework_journal::v1::CaseFile&>(state).has_consent();
      });
      return all;
    };
  };
  Restart();
  Consent(id);
  world.another_version = nullptr;
  Restart();
  EXPECT_THAT(follower.Begin().Story(), ElementsAre("case " + id, "caught up"));
}

// Two files on one case: the former holder's, and its new one since the case came back.
TEST_F(WatchStoreTest, ACaseThatCameBackIsToldByItsNewFile) {
  Node& odense = world.Municipality("0461");
  const std::string case_id = EnrolledCase(world, node);
  const auto hand_over = [&](Node& from, Node& to) {
    const std::string id = Offered(world, from, case_id, to);
    for (const auto& [who, rpc] :
         {std::pair(&to, "TakeOverCase"), std::pair(&from, "AcknowledgeHandover")}) {
      EXPECT_TRUE(world.Settle());
      const auto done = Do(world, *who, rpc, id);
      EXPECT_TRUE(done.ok()) << done.status();
    }
    EXPECT_TRUE(world.Settle());
    return id;
  };
  const std::string away = hand_over(node, odense);
  hand_over(odense, node);
  follower.Begin().CatchUp();
  const std::string etag = GetCase(node, case_id)->etag();
  EXPECT_EQ(follower.told()[1].etag, etag);
  const std::size_t heard = follower.heard();
  const auto closed = Do(world, node, "CloseHandover", away);  // in the former file
  ASSERT_TRUE(closed.ok()) << closed.status();
  world.executor.RunUntilIdle();
  EXPECT_EQ(GetCase(node, case_id)->etag(), etag);
  EXPECT_EQ(follower.heard(), heard);
}

TEST_F(WatchStoreTest, ATokenOlderThanWhatIsRememberedGetsASnapshot) {
  LeaveOutConsented();
  Restart();
  const std::string stays = Open("6101900001");
  const std::string leaves = Open("6101900002");
  follower.Begin().CatchUp();
  Consent(leaves);
  follower.HangUp();
  world.clock.Advance(exchange::kGoneKept - absl::Hours(2));
  world.Pass(absl::Hours(1));
  EXPECT_THAT(follower.Begin().Story(), ElementsAre("gone " + leaves, "caught up"));
  world.clock.Advance(absl::Hours(2));
  world.Pass(absl::Hours(1));
  EXPECT_THAT(follower.Begin().Story(), ElementsAre("snapshot", "case " + stays, "caught up"));
  // One that had heard of it goes on.
  follower.CatchUp();
  EXPECT_THAT(follower.Begin().Story(), ElementsAre("caught up"));
  EXPECT_EQ(follower.BeginWith("").Story().size(), 3U);
}

TEST_F(WatchStoreTest, ARestoredBackupIsNoticedByItsTokens) {
  const std::string id = Open("6101900001");
  follower.Begin().CatchUp();
  auto backup = node.store().Snapshot();
  auto again = node.store().Snapshot();
  const std::string lost = Open("6101900002");
  EXPECT_EQ(follower.Story().back(), "case " + lost);
  const std::string before = follower.token();
  follower.CatchUp();
  node.Restore(std::move(backup));
  // Ahead of the store.
  EXPECT_THAT(follower.Begin().Story(), ElementsAre("snapshot", "case " + id, "caught up"));
  // And where the store has grown again, to as many changes, but others.
  node.Restore(std::move(again));
  const std::string other = Open("6101900003");
  EXPECT_THAT(follower.Begin().Story(),
              ElementsAre("snapshot", "case " + id, "case " + other, "caught up"));
  // What was known before the backup was made still goes on.
  EXPECT_THAT(follower.BeginWith(before).Story(), ElementsAre("case " + other, "caught up"));
}

TEST_F(WatchStoreTest, AnErasureIsToldOnceAndTakesWhatTheIndexKept) {
  Node& odense = world.Municipality("0461");
  const std::string case_id = EnrolledCase(world, odense, "6202900002");
  ASSERT_TRUE(world.Settle());
  const std::string id = Accepted(world, odense, case_id, node);
  ASSERT_TRUE(world.Settle());
  Follower handovers(node, kWatchHandovers);
  handovers.Begin().CatchUp();
  ASSERT_TRUE(Do(world, odense, "RecallHandover", id).ok());
  ASSERT_TRUE(world.Settle());
  EXPECT_EQ(handovers.last().etag, GetHandover(node, id)->etag());
  int kept = 0;
  for (const auto& [key, value] : node.store().rows(exchange::Table::kChanges)) {
    store::v1::Change change;
    if (!exchange::ChangeKey::Decode(key) || !change.ParseFromString(value)) continue;
    EXPECT_EQ(change.scope(), exchange::kAuthorityScope) << key;
    ++kept;
  }
  EXPECT_EQ(kept, 1);
  handovers.CatchUp();
  Restart();
  EXPECT_THAT(handovers.Begin().Story(), ElementsAre("caught up"));
}

// What is compared with is kept under the key that the erasure destroys; it is carried over.
TEST_F(WatchStoreTest, AnErasureThatDoesNotShowIsNoChange) {
  world.another_version = [](exchange::Service& service) {
    for (exchange::Method& method : service.aggregates[0].methods) {
      if (method.watch != kWatchHandovers) continue;
      method.list_view = [](const auto&, auto key, const auto&, const auto&) {
        auto view = std::make_unique<Handover>();
        view->set_handover_id(std::string(key));
        return view;
      };
    }
  };
  Restart();
  Node& odense = world.Municipality("0461");
  const std::string case_id = EnrolledCase(world, odense, "6202900002");
  ASSERT_TRUE(world.Settle());
  const std::string id = Accepted(world, odense, case_id, node);
  ASSERT_TRUE(world.Settle());
  Follower handovers(node, kWatchHandovers);
  handovers.Begin().CatchUp();
  ASSERT_EQ(handovers.heard(), 3U);
  ASSERT_TRUE(Do(world, odense, "RecallHandover", id).ok());
  ASSERT_TRUE(world.Settle());
  Restart();
  EXPECT_THAT(handovers.Begin().Story(), ElementsAre("caught up"));
}

}  // namespace
}  // namespace exitbus::simulation
