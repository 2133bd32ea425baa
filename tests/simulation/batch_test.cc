// Letters that are ready together for one recipient in one channel share a record, in order.
#include <gtest/gtest.h>

#include "absl/strings/str_format.h"
#include "tests/simulation/caseworker.h"

namespace exitbus::simulation {
namespace {

constexpr char kTopic[] = "exitbus.v1.handover.municipality.0461";
constexpr int kCases = 40;

TEST(BatchTest, ACommandsLettersToOneRecipientShareARecord) {
  World world;
  Node& ishoej = world.Municipality("0183");
  Node& odense = world.Municipality("0461");
  const std::string case_id = EnrolledCase(world, ishoej);
  const auto requested = Request(world, ishoej, case_id, odense);
  ASSERT_TRUE(requested.ok()) << requested.status();
  EXPECT_EQ(ishoej.unreceipted(), 3U);  // the request and two terms
  ASSERT_TRUE(world.Settle());
  EXPECT_EQ(world.broker.Records(kTopic).size(), 1U);
  const auto seen = GetHandover(odense, requested->handover_id());
  ASSERT_TRUE(seen.ok()) << seen.status();
  EXPECT_EQ(seen->terms_size(), 2);
}

TEST(BatchTest, WhatWaitedForTheBrokerGoesInAFewRecordsAndInOrder) {
  World world;
  Node& ishoej = world.Municipality("0183");
  Node& odense = world.Municipality("0461");
  ASSERT_TRUE(world.Settle());
  world.broker.Stop();
  std::vector<std::string> handovers;
  for (int i = 0; i < kCases; ++i) {
    const std::string case_id = EnrolledCase(world, ishoej, absl::StrFormat("61019%05d", i));
    const auto requested = Request(world, ishoej, case_id, odense);
    ASSERT_TRUE(requested.ok()) << requested.status();
    handovers.push_back(requested->handover_id());
  }
  const std::size_t letters = ishoej.unreceipted();
  EXPECT_EQ(letters, 3U * kCases);
  world.broker.Start();
  ASSERT_TRUE(world.Settle());
  // At most 32 letters share one.
  EXPECT_EQ(world.broker.Records(kTopic).size(), (letters + 31) / 32);
  for (const std::string& id : handovers) {
    const auto seen = GetHandover(odense, id);
    ASSERT_TRUE(seen.ok()) << seen.status();
    EXPECT_EQ(seen->terms_size(), 2);
  }
  EXPECT_EQ(odense.telemetry().Total("dead_letters"), 0);
}

TEST(BatchTest, ARecordThatIsLostLosesNoneOfItsLetters) {
  World world;
  Node& ishoej = world.Municipality("0183");
  Node& odense = world.Municipality("0461");
  const std::string case_id = EnrolledCase(world, ishoej);
  int published = 0;
  world.broker.SetPublishFault([&](const exchange::BusRecord& record) {
    return record.topic == kTopic && published++ == 0 ? adapters::PublishFault::kLost
                                                      : adapters::PublishFault::kNone;
  });
  const auto requested = Request(world, ishoej, case_id, odense);
  ASSERT_TRUE(requested.ok()) << requested.status();
  ASSERT_TRUE(world.Settle());
  EXPECT_EQ(GetHandover(odense, requested->handover_id())->terms_size(), 2);
}

}  // namespace
}  // namespace exitbus::simulation
