// Sealing keys in operation: renewed while letters flow, retired, announced in the clear, and what
// lies on the bus when a key is gone.
#include <gtest/gtest.h>

#include "exitbus/exchange/v1/keys.pb.h"
#include "exitbus/exchange/v1/letter.pb.h"
#include "services/exchange/announcer.h"
#include "services/exchange/proto_time.h"
#include "services/exchange/sealing.h"
#include "tests/simulation/caseworker.h"

namespace exitbus::simulation {
namespace {

namespace pv1 = policy::v1;
namespace ev1 = exchange::v1;

class KeysTest : public testing::Test {
 protected:
  KeysTest() : case_id(EnrolledCase(world, ishoej)) { EXPECT_TRUE(world.Settle()); }

  std::string NewestKeyId(Node& node) {
    return world.crypto->Digest(node.environment().secrets.sealing.front().pair.public_key)
        .substr(0, 8);
  }
  // Which key the newest letter in `node`'s topic is sealed to.
  static std::string LastSealedTo(Node& node) {
    ev1::Record record;
    record.ParseFromString(node.Received(pv1::CHANNEL_HANDOVER).back().payload);
    return record.sealing_key_id();
  }
  std::size_t Announcements(Node& recipient) {
    return recipient.Received(pv1::CHANNEL_DIRECTORY).size();
  }
  void Announce(Node& from, Node& to, const std::string& key, absl::Time created) {
    ev1::KeyAnnounced announced;
    announced.set_sealing_key(key);
    *announced.mutable_created() = exchange::ToProto(created);
    world.broker.Append(
        exchange::AnnounceRecord(from.environment(), *world.directory.Find(to.id()), announced));
    world.Pass(absl::Seconds(1));
  }
  double Outcomes(Node& node, const char* outcome) {
    return node.telemetry().Total("keys.announced", {{"outcome", outcome}});
  }

  World world;
  Node& ishoej = world.Municipality("0183");
  Node& odense = world.Municipality("0461");
  std::string case_id;
};

TEST_F(KeysTest, WhatWasSealedBeforeARenewalOpensAfterIt) {
  odense.Crash();
  const auto requested = Request(world, ishoej, case_id, odense);
  ASSERT_TRUE(requested.ok()) << requested.status();
  world.Pass(absl::Seconds(1));
  const std::string old_key = NewestKeyId(odense);
  ASSERT_EQ(LastSealedTo(odense), old_key);
  odense.RenewKey();
  odense.Start();
  ASSERT_TRUE(world.Settle());
  EXPECT_TRUE(GetHandover(odense, requested->handover_id()).ok());
  EXPECT_EQ(odense.telemetry().Total("dead_letters"), 0);
  ASSERT_TRUE(Do(world, ishoej, "RecallHandover", requested->handover_id()).ok());
  ASSERT_TRUE(world.Settle());
  EXPECT_NE(NewestKeyId(odense), old_key);
  EXPECT_EQ(LastSealedTo(odense), NewestKeyId(odense)) << "the announced key is used";
}

TEST_F(KeysTest, RenewalsWhileAHandoverGoesOnLoseNothing) {
  const std::string id = Request(world, ishoej, case_id, odense)->handover_id();
  for (const char* step : {"AgreeTerms", "AcceptHandover"}) {
    ASSERT_TRUE(world.Settle());
    ishoej.RenewKey();
    ASSERT_TRUE(Do(world, odense, step, id).ok());
    odense.RenewKey();
  }
  ASSERT_TRUE(world.Settle());
  ASSERT_TRUE(Do(world, ishoej, "OfferHandover", id).ok());
  odense.RenewKey();
  ASSERT_TRUE(world.Settle());
  ASSERT_TRUE(Do(world, odense, "TakeOverCase", id).ok());
  ASSERT_TRUE(world.Settle());
  EXPECT_EQ(GetCase(ishoej, case_id)->standing(), casework::v1::STANDING_FORMER);
  for (Node* node : {&ishoej, &odense}) {
    EXPECT_EQ(node->telemetry().Total("dead_letters"), 0) << node->id();
  }
}

TEST_F(KeysTest, WhatWasSealedToARetiredKeyIsRefusedAndComesAgainAtOnce) {
  odense.Crash();
  const auto requested = Request(world, ishoej, case_id, odense);
  ASSERT_TRUE(requested.ok()) << requested.status();
  world.Pass(absl::Seconds(1));
  const std::size_t letters = odense.Received(pv1::CHANNEL_HANDOVER).size();
  odense.RenewKey();
  odense.RetireKeys();
  odense.Start();
  world.Pass(absl::Seconds(3));
  // What others asked at their starts was sealed to it too.
  ASSERT_GT(letters, 0U);
  EXPECT_GE(odense.telemetry().Total("dead_letters", {{"reason", "key_retired"}}), letters);
  EXPECT_TRUE(GetHandover(odense, requested->handover_id()).ok());
  EXPECT_EQ(LastSealedTo(odense), NewestKeyId(odense));
}

TEST_F(KeysTest, ADestroyedKeyOpensNothingAnyMore) {
  ASSERT_TRUE(Request(world, ishoej, case_id, odense).ok());
  ASSERT_TRUE(world.Settle());
  const exchange::BusRecord captured = odense.Received(pv1::CHANNEL_HANDOVER).back();
  ASSERT_TRUE(exchange::OpenRecord(odense.environment(), captured).ok());
  odense.RenewKey();
  ASSERT_TRUE(exchange::OpenRecord(odense.environment(), captured).ok());
  odense.RetireKeys();
  EXPECT_EQ(exchange::OpenRecord(odense.environment(), captured).status().message(), "key_retired");
  // Nor with the new key passed off as the one it was sealed to.
  ev1::Record record;
  record.ParseFromString(captured.payload);
  EXPECT_FALSE(
      world.crypto
          ->OpenSealed(odense.environment().secrets.sealing.front().pair, "", record.sealed())
          .ok());
}

// Neither can open a word of the other's, receipts and refusals included.
TEST_F(KeysTest, TwoThatBothRenewedAndRetiredWhileApartFindEachOther) {
  const std::string other_case = EnrolledCase(world, odense, "6101900002");
  ASSERT_TRUE(world.Settle());
  world.broker.Stop();
  const auto one = Request(world, ishoej, case_id, odense);
  const auto other = Request(world, odense, other_case, ishoej);
  ASSERT_TRUE(one.ok() && other.ok());
  ishoej.Crash();
  odense.Crash();
  world.broker.Start();
  ishoej.Start();  // its letters, sealed to a key that will be gone when they are read
  world.Pass(absl::Seconds(30));
  ishoej.Crash();
  const std::size_t letters = odense.Received(pv1::CHANNEL_HANDOVER).size();
  odense.RenewKey();
  odense.RetireKeys();
  odense.Start();  // likewise, and its refusal too
  world.Pass(absl::Seconds(1));
  odense.Crash();
  // What others asked at their starts was sealed to it too.
  ASSERT_GT(letters, 0U);
  EXPECT_GE(odense.telemetry().Total("dead_letters", {{"reason", "key_retired"}}), letters);
  ishoej.RenewKey();
  ishoej.RetireKeys();
  ishoej.Start();
  odense.Start();
  world.Pass(absl::Seconds(30));
  EXPECT_GE(ishoej.telemetry().Total("dead_letters", {{"reason", "key_retired"}}), 2);
  EXPECT_TRUE(GetHandover(odense, one->handover_id()).ok());
  EXPECT_TRUE(GetHandover(ishoej, other->handover_id()).ok());
  EXPECT_EQ(ishoej.unreceipted(), 0U);
  EXPECT_EQ(odense.unreceipted(), 0U);
}

TEST_F(KeysTest, AReplayedAnnouncementDoesNotRollBack) {
  odense.RenewKey();
  world.Pass(absl::Seconds(1));
  const exchange::BusRecord old = ishoej.Received(pv1::CHANNEL_DIRECTORY).back();
  odense.RenewKey();
  world.Pass(absl::Seconds(1));
  EXPECT_EQ(Outcomes(ishoej, "taken"), 3);  // the first key, and two renewals
  const double before = Outcomes(ishoej, "known_or_older");
  world.broker.Append(old);
  world.Pass(absl::Seconds(1));
  EXPECT_EQ(Outcomes(ishoej, "known_or_older"), before + 1);
  ASSERT_TRUE(Request(world, ishoej, case_id, odense).ok());
  ASSERT_TRUE(world.Settle());
  EXPECT_EQ(LastSealedTo(odense), NewestKeyId(odense));
}

TEST_F(KeysTest, WhatWasAnnouncedOutlivesARestart) {
  odense.RenewKey();
  world.Pass(absl::Seconds(1));
  ishoej.Crash();
  odense.Crash();  // it cannot tell again
  ishoej.Start();
  ASSERT_TRUE(Request(world, ishoej, case_id, odense).ok());
  world.Pass(absl::Seconds(30));  // until what is said to who stays unheard goes all the same
  EXPECT_EQ(LastSealedTo(odense), NewestKeyId(odense));
}

TEST_F(KeysTest, AnAnnouncementIsBelievedOfItsSenderOnly) {
  const std::string key = world.crypto->NewSealingKey().public_key;
  Announce(odense, ishoej, key, world.clock.Now() + absl::Hours(2));
  EXPECT_EQ(Outcomes(ishoej, "from_the_future"), 1);
  Announce(odense, ishoej, "short", world.clock.Now());
  EXPECT_EQ(Outcomes(ishoej, "no_key"), 1);

  exchange::BusRecord forged = ishoej.Received(pv1::CHANNEL_DIRECTORY).front();
  ev1::Record record;
  record.ParseFromString(forged.payload);
  ev1::KeyAnnounced announced;
  announced.set_sealing_key(key);
  *announced.mutable_created() = exchange::ToProto(world.clock.Now());
  record.set_announcement(announced.SerializeAsString());
  forged.payload = record.SerializeAsString();
  const double taken = Outcomes(ishoej, "taken");
  world.broker.Append(forged);
  world.Pass(absl::Seconds(1));
  EXPECT_EQ(ishoej.telemetry().Total("dead_letters", {{"reason", "bad_signature"}}), 1);
  EXPECT_EQ(Outcomes(ishoej, "taken"), taken);
}

TEST_F(KeysTest, UnderAnotherIdentityTheDirectorysKeyCountsAgain) {
  odense.RenewKey();
  world.Pass(absl::Seconds(1));
  exchange::DirectoryEntry entry = *world.directory.Find(odense.id());
  entry.identity_key = world.crypto->NewSigningKey().public_key;
  entry.sealing_key = world.crypto->NewSealingKey().public_key;
  world.directory.Put(entry);
  ASSERT_TRUE(Request(world, ishoej, case_id, odense).ok());
  world.Pass(absl::Seconds(1));
  EXPECT_EQ(LastSealedTo(odense), world.crypto->Digest(entry.sealing_key).substr(0, 8));
}

TEST_F(KeysTest, AKeyIsAnnouncedDailyAndToAClusterThatForgotEverything) {
  const std::size_t before = Announcements(ishoej);
  world.Pass(exchange::Announcer::kEvery);
  EXPECT_EQ(Announcements(ishoej), before + 1);
  world.broker.Stop();
  world.broker.Wipe();
  world.broker.Start();
  world.Pass(absl::Seconds(10));
  EXPECT_EQ(Announcements(ishoej), 1U);
}

TEST_F(KeysTest, ARenewalWithoutABrokerIsAnnouncedWhenItIsBack) {
  world.broker.Stop();
  odense.RenewKey();
  world.Pass(absl::Minutes(5));
  const double taken = Outcomes(ishoej, "taken");
  world.broker.Start();
  world.Pass(absl::Seconds(10));
  EXPECT_EQ(Outcomes(ishoej, "taken"), taken + 1);
}

TEST_F(KeysTest, OneWhoSealsToARetiredKeyIsRemindedOnceInAWhile) {
  odense.RenewKey();
  odense.RetireKeys();
  world.Pass(absl::Seconds(5));
  const std::size_t before = Announcements(ishoej);
  ev1::Packet packet;
  packet.mutable_letter()->set_link("a link");
  for (int i = 0; i < 10; ++i) {
    // Its environment knows no announced keys, so it seals to the directory's.
    world.broker.Append(exchange::SealRecord(
        ishoej.environment(), *world.directory.Find(odense.id()), pv1::CHANNEL_HANDOVER, packet));
    world.Pass(absl::Seconds(1));
  }
  EXPECT_EQ(odense.telemetry().Total("dead_letters", {{"reason", "key_retired"}}), 10);
  EXPECT_EQ(Announcements(ishoej), before + 1);
}

}  // namespace
}  // namespace exitbus::simulation
