// The outbox: as long as it must be, looked at through a window, and untried while nobody takes it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "exitbus/exchange/v1/letter.pb.h"
#include "exitbus/store/v1/rows.pb.h"
#include "services/exchange/checkpoints.h"
#include "services/exchange/keys.h"
#include "services/exchange/outgoing.h"
#include "services/exchange/sealing.h"
#include "services/exchange/transaction.h"
#include "tests/simulation/caseworker.h"

namespace exitbus::simulation {
namespace {

namespace pv1 = policy::v1;
using exchange::Table;

TEST(BrokerAwayTest, NothingIsTriedWhileItIs) {
  World world;
  Node& ishoej = world.Municipality("0183");
  Node& odense = world.Municipality("0461");
  Node& vestegnen = world.Police("1469");
  const std::string case_id = CaseKnownToPolice(world, ishoej);
  int tried = 0;
  world.broker.SetPublishFault([&](const exchange::BusRecord&) {
    ++tried;
    return adapters::PublishFault::kNone;
  });
  world.broker.Stop();
  world.executor.RunUntilIdle();
  ASSERT_TRUE(Request(world, ishoej, case_id, odense).ok());
  vestegnen.RenewKey();
  world.Pass(absl::Minutes(10));
  EXPECT_EQ(tried, 0);
  EXPECT_EQ(ishoej.telemetry().Gauge("outbox.unreceipted", {}), ishoej.unreceipted());
  EXPECT_NEAR(ishoej.telemetry().Gauge("outbox.oldest_age_seconds", {}), 600, 2);
  ishoej.Crash();  // nor by a process that begins without it
  ishoej.Start();
  world.Pass(absl::Minutes(10));
  EXPECT_EQ(tried, 0);
  world.broker.Start();
  world.Pass(absl::Seconds(10));
  EXPECT_EQ(ishoej.unreceipted(), 0U);
  EXPECT_EQ(ishoej.telemetry().Gauge("outbox.oldest_age_seconds", {}), 0);
  EXPECT_GT(tried, 0);
}

// Far more letters than are looked at at once, for Odense, from Ishøj.
class BacklogTest : public testing::Test {
 protected:
  static constexpr int kSubjects = 1500;
  static constexpr int kNumbers = 3;
  static constexpr int kRows = kSubjects * kNumbers;
  static constexpr int kRecordLetters = 32;

  BacklogTest() : case_id(EnrolledCase(world, ishoej)) { EXPECT_TRUE(world.Settle()); }

  // Of another life: about a unit that is gone, so that they go withheld.
  void Write(const std::string& subject, pv1::Channel channel) {
    std::string previous;
    for (std::uint64_t number = 1; number <= kNumbers; ++number) {
      exchange::v1::Link link;
      link.set_sender(ishoej.id());
      link.set_recipient(odense.id());
      link.set_channel(channel);
      link.set_subject(subject);
      link.set_number(number);
      link.set_previous_digest(previous);
      store::v1::OutboxRow row;
      row.set_link(link.SerializeAsString());
      row.set_recipient(odense.id());
      row.set_channel(channel);
      row.set_aggregate(exchange::kCheckpointAggregate);
      row.set_scope("file/erased");
      previous = world.crypto->Digest(row.link());
      const exchange::CorrespondenceId id{channel, odense.id(), subject};
      store::v1::CorrespondenceOut out;
      out.set_last_number(number);
      out.set_head_digest(previous);
      store::v1::SentRow sent;
      sent.set_link_digest(previous);
      ASSERT_TRUE(ishoej.store()
                      .Commit(exchange::Durability::kDurable,
                              {{Table::kCorrespondencesOut, id.Encode(), out.SerializeAsString()},
                               {Table::kSent, exchange::LetterKey{id, number}.Encode(),
                                sent.SerializeAsString()},
                               {Table::kOutbox, exchange::OutboxKey{id, number}.Encode(),
                                row.SerializeAsString()}})
                      .ok());
    }
  }

  void WriteAll() {
    for (int i = 0; i < kSubjects; ++i) Write("a-" + std::to_string(i), pv1::CHANNEL_HANDOVER);
  }

  std::size_t RecordsForOdense() const { return odense.Received(pv1::CHANNEL_HANDOVER).size(); }

  World world;
  Node& ishoej = world.Municipality("0183");
  Node& odense = world.Municipality("0461");
  std::string case_id;
};

TEST_F(BacklogTest, NoMoreThanAWindowIsUnderWayAtOnceAndAllOfItGoes) {
  ishoej.Crash();
  odense.Crash();
  WriteAll();
  ishoej.Start();
  const std::size_t before = RecordsForOdense();
  for (int second = 0; second < 40; ++second) {  // for half of them Odense is waited for
    const std::size_t records = RecordsForOdense();
    world.Pass(absl::Seconds(1));
    EXPECT_LE(RecordsForOdense() - records, std::size_t{1024} / kRecordLetters + 1);
  }
  EXPECT_EQ(ishoej.telemetry().Gauge("outbox.unreceipted", {}), kRows);
  EXPECT_GE(RecordsForOdense() - before, std::size_t{kRows} / kRecordLetters)
      << "a copy of each is there, though none was receipted";
  odense.Start();
  ASSERT_TRUE(world.Settle());
  world.Pass(absl::Seconds(2));
  EXPECT_EQ(ishoej.telemetry().Gauge("outbox.unreceipted", {}), 0);
  EXPECT_EQ(odense.telemetry().Total("correspondences.stopped"), 0);
  std::size_t taken = 0;
  for (const auto& [key, row] : odense.store().rows(Table::kInbox)) {
    taken += exchange::LetterKey::Decode(key)->correspondence.subject.starts_with("a-") ? 1 : 0;
  }
  EXPECT_EQ(taken, std::size_t{kRows});
}

TEST_F(BacklogTest, IsReadOnAsItIsReceipted) {
  ishoej.Crash();
  WriteAll();
  ishoej.Start();
  world.Pass(absl::Seconds(3));
  EXPECT_EQ(ishoej.unreceipted(), 0U) << "a window a second would take longer";
  EXPECT_EQ(odense.telemetry().Total("letters.repeated"), 0);
}

TEST_F(BacklogTest, OfWhoReceiptsNothingIsRepeatedMoreAndMoreRarely) {
  ishoej.Crash();
  odense.Crash();
  WriteAll();
  ishoej.Start();
  world.Pass(absl::Hours(3));
  // A copy of each, repeats of all of it after 1, 2, 4, … minutes, and probes from the window.
  EXPECT_LE(RecordsForOdense(), 9U * kRows / kRecordLetters + 9 * 20 * 400 / kRecordLetters);
}

TEST_F(BacklogTest, KeepsNothingNewWaitingAndTheUrgentLeast) {
  ishoej.Crash();
  odense.Crash();
  WriteAll();
  Write("urgent", pv1::CHANNEL_SECURITY);
  std::vector<std::string> topics;
  world.broker.SetPublishFault([&](const exchange::BusRecord& record) {
    const bool of_a_letter = record.topic.find(".handover.") != std::string::npos ||
                             record.topic.find(".security.") != std::string::npos;
    if (of_a_letter && record.topic.ends_with("0461")) topics.push_back(record.topic);
    return adapters::PublishFault::kNone;
  });
  ishoej.Start();
  world.Pass(absl::Minutes(1));
  ASSERT_FALSE(topics.empty());
  EXPECT_NE(topics.front().find(".security."), std::string::npos) << topics.front();
  const std::size_t before = RecordsForOdense();
  ASSERT_TRUE(Request(world, ishoej, case_id, odense).ok());
  world.executor.RunUntilIdle();
  EXPECT_EQ(RecordsForOdense(), before + 1) << "what is new goes at once";
  odense.Start();
  EXPECT_TRUE(world.Settle());
}

TEST_F(BacklogTest, IsPublishedAgainWholeOnANewCluster) {
  ishoej.Crash();
  odense.Crash();
  WriteAll();
  ishoej.Start();
  world.Pass(absl::Minutes(1));
  world.broker.Wipe();
  world.Pass(absl::Seconds(20));
  EXPECT_GE(RecordsForOdense(), std::size_t{kRows} / kRecordLetters);
  odense.Start();
  ASSERT_TRUE(world.Settle());
  EXPECT_EQ(ishoej.unreceipted(), 0U);
}

}  // namespace
}  // namespace exitbus::simulation
