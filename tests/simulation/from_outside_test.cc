// What a peer that means ill sends, rightly signed and sealed, is refused or waits; and what waits
// is bounded.
#include "tests/simulation/from_outside.h"

#include "services/exchange/incoming.h"
#include "services/exchange/meta_keys.h"

namespace exitbus::simulation {
namespace {

namespace ev1 = exchange::v1;
using exchange::Table;
using testing::SizeIs;

// What it had parked is of another chain. That is alarmed at once, and only once.
TEST_F(FromOutsideTest, AParkedLetterOfAnotherChainStopsItOnce) {
  Publish(LetterOf("h-1", ANudge(), 2, "another chain"));
  Publish(LetterOf("h-1", ARequest()));
  sender = &world.Municipality("0751");
  Publish(LetterOf("h-1", ANudge()));
  world.Pass(absl::Seconds(2));
  EXPECT_EQ(odense.telemetry().Total("correspondences.stopped"), 1);
  EXPECT_EQ(Taken("h-1"), 1U);
}

TEST_F(FromOutsideTest, AStoppedCorrespondenceDoesNotGoOnByWhatIsParked) {
  const ev1::Letter first = LetterOf("h-1", ANudge());
  Publish(first);
  Publish(LetterOf("h-1", ARecall(), 2, world.crypto->Digest(first.link())));
  ASSERT_EQ(Rows(Table::kParked), 1U);
  Publish(LetterOf("h-1", ARequest()));  // another one of the first's number
  ASSERT_EQ(odense.telemetry().Total("correspondences.stopped"), 1);
  sender = &world.Municipality("0751");
  Publish(LetterOf("h-1", ARequest()));  // what the parked one waits for
  world.Pass(absl::Seconds(2));
  ASSERT_TRUE(GetHandover(odense, "h-1").ok());
  EXPECT_EQ(Taken("h-1"), 1U);
}

TEST_F(FromOutsideTest, APeerCannotFillTheStoreWithWhatIsParked) {
  constexpr std::size_t kEach = 900 * 1024;
  for (int i = 0; i < 100; ++i) {
    Publish(LetterOf("h-" + std::to_string(i), OfANewerVersion(kEach)));
  }
  std::size_t bytes = 0;
  for (const auto& [key, value] : odense.store().rows(Table::kParked)) bytes += value.size();
  EXPECT_LE(bytes, 65U << 20);
  EXPECT_GT(odense.telemetry().Total("letters.parked_full"), 0);
  EXPECT_THAT(odense.telemetry().LinesOf("letters.parked_full"), testing::Not(SizeIs(0)));
}

TEST_F(FromOutsideTest, OfRefusedLettersTheLastAreKeptAndAllAreCounted) {
  std::string previous;
  for (int number = 1; number <= 100; ++number) {
    const ev1::Letter letter = LetterOf("h-1", ANudge(), number, previous);
    previous = world.crypto->Digest(letter.link());
    Publish(letter);
  }
  EXPECT_EQ(Rows(Table::kInbox), 100U);
  store::v1::CorrespondenceIn in;
  ASSERT_TRUE(in.ParseFromString(odense.store().rows(Table::kCorrespondencesIn).begin()->second));
  EXPECT_LE(in.refused_size(), 16);
  EXPECT_EQ(in.refused().rbegin()->number(), 100U);
}

TEST_F(FromOutsideTest, ARecordWithMoreLettersThanOneHoldsIsRefused) {
  ev1::Packet packet;
  for (int i = 0; i < 65; ++i) {
    *packet.mutable_letters()->add_letters() = LetterOf("h-" + std::to_string(i), ARequest());
  }
  Publish(packet);
  EXPECT_EQ(Rows(Table::kInbox), 0U);
  EXPECT_EQ(odense.telemetry().Total("dead_letters", {{"reason", "too_many_letters"}}), 1);
  packet.mutable_letters()->mutable_letters()->RemoveLast();
  Publish(packet);
  EXPECT_EQ(Rows(Table::kInbox), 64U);
}

TEST_F(FromOutsideTest, DeadLettersAreARingOfShortRows) {
  for (int i = 0; i < 1100; ++i) {
    exchange::BusRecord record;
    record.topic = "exitbus.v1.handover.municipality.0461";
    record.timestamp = world.clock.Now();
    record.headers = {{"ce_id", std::string(20000, 'i') + std::to_string(i)},
                      {"ce_source", "urn:exitbus:" + std::string(20000, 's')}};
    record.payload = "x";
    world.broker.Append(std::move(record));
  }
  world.executor.RunUntilIdle();
  const auto& rows = odense.store().rows(Table::kDeadLetters);
  EXPECT_EQ(rows.size(), 1000U);
  for (const auto& [key, value] : rows) ASSERT_LT(key.size() + value.size(), 1000U);
  EXPECT_EQ(odense.telemetry().Total("dead_letters"), 1100);
}

TEST_F(FromOutsideTest, WhatAPeerBeginsInADayIsBoundedAndAlarmed) {
  store::v1::NewSubjects begun;
  begun.set_day(absl::ToUnixSeconds(world.domain_clock.Now()) / (24 * 60 * 60));
  begun.set_count(exchange::Incoming::kNewSubjectsPerDayMax - 20);
  Write(odense, Table::kMeta, exchange::MetaKey{exchange::Meta::kNewSubjects, ishoej.id()}.Encode(),
        begun.SerializeAsString());
  const auto publish_all = [&] {
    for (int i = 0; i < 30; ++i) Publish(LetterOf("h-" + std::to_string(i), ARequest()));
  };
  publish_all();
  EXPECT_EQ(Rows(Table::kCorrespondencesIn), 20U);
  EXPECT_THAT(odense.telemetry().LinesOf("inbox.too_many_new_subjects"), SizeIs(1));
  EXPECT_EQ(odense.telemetry().Total("letters.new_subject_refused"), 10);
  world.Skip(absl::Hours(24));
  publish_all();  // nothing was lost: it comes again, as it is not receipted
  EXPECT_EQ(Rows(Table::kCorrespondencesIn), 30U);
}

}  // namespace
}  // namespace exitbus::simulation
