// What a newer version of the program sends waits where it is seen, is left out, or is refused; it
// is never lost, and never half understood.
#include "tests/simulation/from_outside.h"

namespace exitbus::simulation {
namespace {

namespace ev1 = exchange::v1;
using exchange::Table;
using testing::SizeIs;

TEST_F(FromOutsideTest, AKindOfANewerVersionParksInSightAndIsNotReceipted) {
  Publish(LetterOf("h-1", OfANewerVersion()));
  world.Pass(absl::Seconds(2));
  EXPECT_EQ(Rows(Table::kParked), 1U);
  EXPECT_EQ(Rows(Table::kInbox), 0U) << "neither applied nor refused";
  EXPECT_EQ(odense.telemetry().Gauge("letters.awaiting_upgrade", {}), 1);
  EXPECT_THAT(odense.telemetry().LinesOf("letter.of_newer_version"), SizeIs(1));
  Publish(LetterOf("h-1", OfANewerVersion()));  // it comes again, as it is not receipted
  EXPECT_THAT(odense.telemetry().LinesOf("letter.of_newer_version"), SizeIs(1));
  EXPECT_EQ(odense.telemetry().Total("letters.of_newer_version"), 1);
  odense.Crash();
  odense.Start();
  world.Pass(absl::Seconds(2));
  EXPECT_EQ(Rows(Table::kParked), 1U);
  EXPECT_EQ(odense.telemetry().Gauge("letters.awaiting_upgrade", {}), 1);
}

TEST_F(FromOutsideTest, WhatParkedForAnUpgradeIsTakenUpByTheVersionThatKnowsIt) {
  Publish(LetterOf("h-1", OfANewerVersion()));
  ASSERT_EQ(Rows(Table::kParked), 1U);
  world.Pass(absl::Seconds(2));
  EXPECT_GT(odense.telemetry().Gauge("letters.parked_bytes", {}), 100);
  KnowsNow(LetterOf("h-1", ARequest()));
  world.Pass(absl::Seconds(2));
  EXPECT_EQ(Rows(Table::kParked), 0U);
  EXPECT_EQ(odense.telemetry().Gauge("letters.parked_bytes", {}), 0);
  EXPECT_TRUE(GetHandover(odense, "h-1").ok());
  EXPECT_EQ(odense.telemetry().Gauge("letters.awaiting_upgrade", {}), 0);
}

// Not its words, and not that they are withheld, which would count as read.
TEST_F(FromOutsideTest, WordsThatANewerVersionPutsElsewhereParkAsWell) {
  const ev1::Letter known = LetterOf("h-1", ARequest());
  ev1::Letter newer = known;
  newer.clear_rest();
  AddUnknown(newer);
  Publish(newer);
  world.Pass(absl::Seconds(2));
  EXPECT_EQ(Rows(Table::kParked), 1U);
  EXPECT_EQ(Taken("h-1"), 0U);
  EXPECT_EQ(odense.telemetry().Gauge("letters.awaiting_upgrade", {}), 1);
  EXPECT_THAT(odense.telemetry().LinesOf("letter.of_newer_version"), SizeIs(1));
  KnowsNow(known);
  world.Pass(absl::Seconds(2));
  EXPECT_EQ(Rows(Table::kParked), 0U);
  EXPECT_TRUE(GetHandover(odense, "h-1").ok());
}

TEST_F(FromOutsideTest, ALetterWithoutWordsIsRefused) {
  ev1::Letter letter = LetterOf("h-1", ARequest());
  letter.clear_rest();
  Publish(letter);
  EXPECT_EQ(Taken("h-1"), 1U);
  store::v1::CorrespondenceIn in;
  ASSERT_TRUE(in.ParseFromString(odense.store().rows(Table::kCorrespondencesIn).begin()->second));
  ASSERT_EQ(in.refused_size(), 1);
  EXPECT_EQ(in.refused(0).rule(), "letter.not_parsed");
}

TEST_F(FromOutsideTest, WhatANewerVersionAddsToAKnownKindIsLeftOutAndSaid) {
  ev1::Body recall = ARecall();
  AddUnknown(*recall.mutable_handover_recalled());
  ev1::Body request = ARequest();
  AddUnknown(*request.mutable_handover_requested());
  const ev1::Letter first = LetterOf("h-1", request);
  Publish(LetterOf("h-2", recall));  // waits for its handover, and has not been taken yet
  EXPECT_EQ(odense.telemetry().Total("letters.fields_left_out"), 0);
  Publish(first);
  EXPECT_TRUE(GetHandover(odense, "h-1").ok());
  EXPECT_EQ(odense.telemetry().Total("letters.fields_left_out"), 1);
  EXPECT_THAT(odense.telemetry().LinesOf("letter.fields_left_out"), SizeIs(1));
  Publish(LetterOf("h-1", ARecall(), 2, world.crypto->Digest(first.link())));
  EXPECT_EQ(Taken("h-1"), 2U);
  EXPECT_EQ(odense.telemetry().Total("letters.fields_left_out"), 1);
}

// It comes again, as nothing of it is receipted.
TEST_F(FromOutsideTest, ARecordOfSomethingNewIsSaidToBeOfANewerVersion) {
  ev1::Packet packet;
  AddUnknown(packet);
  Publish(packet);
  EXPECT_EQ(odense.telemetry().Total("dead_letters", {{"reason", "of_newer_version"}}), 1);
  EXPECT_EQ(Rows(Table::kInbox), 0U);
  Publish(ev1::Packet());
  EXPECT_EQ(odense.telemetry().Total("dead_letters", {{"reason", "of_newer_version"}}), 1);
}

// Nothing of a correspondence overtakes what is not understood in it.
TEST_F(FromOutsideTest, WhatComesAfterItIsTakenAfterIt) {
  const ev1::Letter known = LetterOf("h-1", ARequest());
  Publish(LetterOf("h-1", OfANewerVersion()));
  Publish(LetterOf("h-1", ARecall(), 2, world.crypto->Digest(known.link())));
  world.Pass(absl::Seconds(2));
  EXPECT_EQ(Rows(Table::kParked), 2U);
  EXPECT_EQ(Taken("h-1"), 0U);
  KnowsNow(known);
  world.Pass(absl::Seconds(2));
  EXPECT_EQ(Rows(Table::kParked), 0U);
  EXPECT_EQ(Taken("h-1"), 2U);
  ASSERT_TRUE(GetHandover(odense, "h-1").ok());
  EXPECT_EQ(GetHandover(odense, "h-1")->stage(), handover::v1::HANDOVER_STAGE_RECALLED);
  EXPECT_EQ(odense.telemetry().Total("correspondences.stopped"), 0);
}

TEST_F(FromOutsideTest, WhatAnUpgradeTakesUpIsShownWhereItStops) {
  const auto [first, second] =
      std::pair(LetterOf("h-1", OfANewerVersion()), LetterOf("h-1", ARecall(), 2, "another chain"));
  Publish(first);
  Publish(second);
  ASSERT_EQ(Rows(Table::kParked), 2U);
  KnowsNow(LetterOf("h-1", ARequest()));
  world.Pass(absl::Seconds(2));
  ASSERT_EQ(odense.telemetry().Total("correspondences.stopped"), 1);
  ASSERT_TRUE(GetHandover(odense, "h-1").ok());
  EXPECT_TRUE(GetHandover(odense, "h-1")->correspondence_stopped());
}

}  // namespace
}  // namespace exitbus::simulation
