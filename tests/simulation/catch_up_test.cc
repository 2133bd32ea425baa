// The start: what others have sent is read, the urgent first, and what is not read is named.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/simulation/caseworker.h"

namespace exitbus::simulation {
namespace {

TEST(CatchUpTest, UrgentTopicsAreReadBeforeTheOthers) {
  World world;
  Node& ishoej = world.Municipality("0183");
  Node& odense = world.Municipality("0461");
  Node& vestegnen = world.Police("1469");
  const std::string case_id = CaseKnownToPolice(world, ishoej);
  const std::string id = Accepted(world, ishoej, case_id, odense);
  ishoej.Crash();
  // To Ishøj come an assessment's precautions, and, before them, letters of all other kinds.
  ASSERT_TRUE(Do(world, odense, "RejectHandover", id).ok());
  ASSERT_TRUE(Assess(world, vestegnen).ok());
  world.Pass(absl::Minutes(1));
  ishoej.telemetry().Clear();
  ishoej.Start();
  ASSERT_TRUE(world.Settle());
  std::vector<std::string> channels;
  for (const exchange::Hop& hop : ishoej.telemetry().hops()) {
    if (hop.hop == "applied") channels.push_back(hop.channel);
  }
  ASSERT_GE(channels.size(), 3U);
  EXPECT_EQ(channels.front(), "CHANNEL_SECURITY") << testing::PrintToString(channels);
}

// Retention took the record that was read last.
TEST(CatchUpTest, WhereThePositionIsGoneItsTopicIsReadFromTheStart) {
  World world;
  Node& ishoej = world.Municipality("0183");
  Node& odense = world.Municipality("0461");
  const std::string case_id = EnrolledCase(world, ishoej);
  const auto requested = Request(world, ishoej, case_id, odense);
  ASSERT_TRUE(requested.ok()) << requested.status();
  ASSERT_TRUE(world.Settle());
  odense.Crash();
  ASSERT_TRUE(Do(world, ishoej, "RecallHandover", requested->handover_id()).ok());
  world.Pass(absl::Minutes(1));
  const auto records = odense.Received(policy::v1::CHANNEL_HANDOVER);
  ASSERT_GE(records.size(), 2U);
  world.broker.DropBefore(records[0].topic, records[1].offset);
  odense.telemetry().Clear();
  odense.Start();
  ASSERT_TRUE(world.Settle());
  const auto lines = odense.telemetry().LinesOf("inbox.position_not_found");
  ASSERT_EQ(lines.size(), 1U);
  EXPECT_EQ(lines[0].fields, (exchange::Labels{{"topic", records[0].topic}}));
  EXPECT_EQ(GetHandover(odense, requested->handover_id())->stage(),
            handover::v1::HANDOVER_STAGE_RECALLED);
}

TEST(CatchUpTest, ANewClusterIsSaidOnceAndARestartOfTheSameIsNot) {
  World world;
  Node& ishoej = world.Municipality("0183");
  world.Pass(absl::Seconds(5));
  const auto clusters = [&] {
    std::vector<std::string> said;
    for (const auto& line : ishoej.telemetry().LinesOf("bus.cluster")) {
      said.push_back(line.fields.at(0).second);
    }
    return said;
  };
  EXPECT_THAT(clusters(), testing::ElementsAre("cluster-1"));
  world.broker.Stop();
  world.broker.Start();
  world.Pass(absl::Seconds(5));
  EXPECT_THAT(clusters(), testing::ElementsAre("cluster-1"));
  world.broker.Wipe();
  world.Pass(absl::Seconds(5));
  EXPECT_THAT(clusters(), testing::ElementsAre("cluster-1", "cluster-2"));
}

TEST(CatchUpTest, WhatIsNotReadYetIsNamed) {
  World world;
  Node& ishoej = world.Municipality("0183");
  world.Pass(absl::Seconds(5));
  ishoej.Crash();
  ishoej.Start();
  EXPECT_EQ(ishoej.engine().unread(), "all");
  std::string unread;
  EXPECT_TRUE(world.executor.RunUntil([&] { return (unread = ishoej.engine().unread()) != "all"; },
                                      absl::Seconds(1)));
  EXPECT_THAT(unread, testing::HasSubstr("exitbus.v1.handover.municipality.0183"));
  ishoej.Serve();
  EXPECT_EQ(ishoej.engine().unread(), "");
}

}  // namespace
}  // namespace exitbus::simulation
