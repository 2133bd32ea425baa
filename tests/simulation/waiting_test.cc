// What is decided is never dropped: what falls due is carried out, what cannot be addressed or
// understood yet waits where it is seen, and what waits is bounded.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "exitbus/evidence_journal/v1/journal.pb.h"
#include "exitbus/exchange/v1/body.pb.h"
#include "exitbus/police/v1/security_service.pb.h"
#include "exitbus/store/v1/rows.pb.h"
#include "exitbus/store/v1/waiting.pb.h"
#include "services/exchange/checkpoints.h"
#include "services/exchange/event_store.h"
#include "services/exchange/incoming.h"
#include "services/exchange/keys.h"
#include "services/exchange/meta_keys.h"
#include "services/exchange/newer_version.h"
#include "services/exchange/proto_time.h"
#include "services/exchange/transaction.h"
#include "tests/simulation/caseworker.h"

namespace exitbus::simulation {
namespace {

using exchange::Table;
using testing::SizeIs;

// A store of tests knows how to fail; these do not.
void Write(Node& node, Table table, const std::string& key, std::optional<std::string> value) {
  ASSERT_TRUE(
      node.store().Commit(exchange::Durability::kDurable, {{table, key, std::move(value)}}).ok());
}

// Fast forward by days, in steps that meet the daily checkpoint as closely as asked.
class DeadlineTest : public testing::Test {
 protected:
  absl::Time Due() {
    exchange::Transaction transaction(&ishoej.store());
    const auto row = exchange::Load<store::v1::StateRow>(
        transaction, Table::kStates,
        exchange::StateKey{exchange::kCheckpointAggregate, exchange::kOwnBook}.Encode());
    evidence_journal::v1::Book book;
    EXPECT_TRUE(row && book.ParseFromString(row->sealed_state()));
    return exchange::FromProto(book.due());
  }

  // The next tick comes this long before the deadline.
  void MeetEarly(absl::Duration early) {
    world.domain_clock.Skip(Due() - world.domain_clock.Now() - absl::Seconds(1) - early);
    world.Pass(absl::Seconds(1));
  }

  World world;
  Node& ishoej = world.Municipality("0183");
};

TEST_F(DeadlineTest, NoneIsLostToATickThatMeetsItWithinItsMillisecond) {
  world.Pass(absl::Seconds(30));  // and the first checkpoint is made
  adapters::SeededRandom random(7);
  for (int i = 0; i < 2000; ++i) {
    const absl::Time due = Due();
    MeetEarly(absl::Nanoseconds(1) + exchange::RandomDelay(random, absl::Milliseconds(2)));
    ASSERT_EQ(Due(), due) << "it was not due yet";
    world.Pass(absl::Seconds(1));
    ASSERT_GT(Due(), due) << "day " << i;
  }
}

TEST_F(DeadlineTest, OneThatWasLostIsAwaitedAgainFromTheNextStartOn) {
  world.Pass(absl::Seconds(30));
  const absl::Time due = Due();
  for (const auto& [key, value] : std::map(ishoej.store().rows(Table::kTimers))) {
    Write(ishoej, Table::kTimers, key, std::nullopt);
  }
  ishoej.Crash();
  ishoej.Start();
  world.Pass(absl::Seconds(30));
  MeetEarly(absl::ZeroDuration());
  world.Pass(absl::Seconds(1));
  EXPECT_GT(Due(), due);
}

// A case goes from Ishøj, Vestegnen's district, to Odense, Fyn's; when Odense takes it over, its
// directory is an older one that does not list Fyn's police unit.
TEST(UnaddressedTest, WhatIsForWhoIsNotListedYetWaitsInSightAndGoesWhenItIs) {
  World world;
  Node& ishoej = world.Municipality("0183");
  Node& odense = world.Municipality("0461");
  Node& vestegnen = world.Police("1469");
  Node& fyn = world.Police("1465");
  const std::string case_id = EnrolledCase(world, ishoej);
  ASSERT_TRUE(AskPolice(world, ishoej, case_id).ok());
  ASSERT_TRUE(world.Settle());
  const std::string id = Offered(world, ishoej, case_id, odense);
  adapters::MemoryDirectory older;
  for (const auto& entry : world.directory.All()) {
    if (entry->id != fyn.id()) older.Put(*entry);
  }
  odense.environment().directory = &older;
  odense.Crash();
  odense.Start();
  world.Pass(absl::Minutes(1));
  ASSERT_TRUE(Do(world, odense, "TakeOverCase", id).ok());
  world.Pass(absl::Hours(72));
  EXPECT_EQ(OnlyFile(vestegnen)->standing(), police::v1::POLICE_STANDING_FORMER);
  EXPECT_NE(OnlyFile(fyn)->standing(), police::v1::POLICE_STANDING_IN_CHARGE);
  EXPECT_GT(odense.telemetry().Gauge("outbox.unaddressed", {}), 0);
  EXPECT_THAT(odense.telemetry().LinesOf("outgoing.not_in_directory"), SizeIs(1));

  odense.Crash();  // it outlives that too
  odense.Start();
  older.Put(*world.directory.Find(fyn.id()));
  ASSERT_TRUE(world.Settle());
  world.Pass(absl::Seconds(2));
  EXPECT_EQ(OnlyFile(fyn)->standing(), police::v1::POLICE_STANDING_IN_CHARGE);
  EXPECT_EQ(odense.telemetry().Gauge("outbox.unaddressed", {}), 0);
}

// What is looked at each second costs nothing while nothing waits.
TEST(UnaddressedTest, NobodyLooksForWhatWaitsWhereNothingDoes) {
  World world;
  Node& ishoej = world.Municipality("0183");
  Node& odense = world.Municipality("0461");
  const std::string case_id = EnrolledCase(world, ishoej);
  const std::string id = Offered(world, ishoej, case_id, odense);
  ASSERT_TRUE(world.Settle());
  int looked = 0;
  ishoej.store().ObserveScans([&](Table table, std::string_view prefix) {
    if (table != Table::kMeta) return;
    looked += prefix == exchange::MetaKey{exchange::Meta::kAwaited, ""}.Encode() ? 1 : 0;
    looked += prefix == exchange::WaitingKey::Prefix(exchange::kAwaitsUpgrade) ? 1 : 0;
  });
  ASSERT_TRUE(Do(world, odense, "TakeOverCase", id).ok());
  ASSERT_TRUE(world.Settle());
  world.Pass(absl::Minutes(1));
  EXPECT_EQ(looked, 0);
  ishoej.Crash();
  ishoej.Start();
  world.Pass(absl::Minutes(1));
  EXPECT_GT(looked, 0) << "what an earlier process left is looked for";
  EXPECT_LT(looked, 10);
}

// As a clock that was hours ahead, so that the broker refused what it stamped, and was set right.
class ClockTest : public testing::Test {
 protected:
  ClockTest() {
    case_id = EnrolledCase(world, ishoej);
    EXPECT_TRUE(world.Settle());
    ishoej.environment().wall_clock = &wall;
    ishoej.Crash();
    ishoej.Start();
    wall.Skip(absl::Hours(2));
    world.Mute(ishoej, {"handover", "nec"});
    EXPECT_TRUE(Request(world, ishoej, case_id, odense).ok());
    EXPECT_TRUE(RevokeConsent(world, ishoej, case_id).ok());
    world.Pass(absl::Minutes(1));
    EXPECT_GT(ishoej.unreceipted(), 0U);
    wall.Skip(-absl::Hours(2));
  }

  void ExpectAllToArrive() {
    world.broker.SetPublishFault(nullptr);
    world.Pass(absl::Minutes(3));
    EXPECT_EQ(ishoej.unreceipted(), 0U);
  }

  World world;
  DomainClock wall{&world.clock};
  Node& ishoej = world.Municipality("0183");
  Node& odense = world.Municipality("0461");
  std::string case_id;
};

TEST_F(ClockTest, LettersDoNotWaitForWhatAWrongClockSaid) { ExpectAllToArrive(); }

TEST_F(ClockTest, NorDoTheyAfterARestart) {
  ishoej.Crash();
  ishoej.Start();
  ExpectAllToArrive();
}

}  // namespace
}  // namespace exitbus::simulation
