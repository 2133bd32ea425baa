// The second look at the border: whatever went wrong before it, a letter that holds more than its
// recipient may see does not leave.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/separation/overfull_row.h"
#include "tests/simulation/caseworker.h"

namespace exitbus::simulation {
namespace {

TEST(BorderTest, WhatHoldsMoreThanItsReaderMaySeeDoesNotLeave) {
  World world;
  Node& ishoej = world.Municipality("0183");
  Node& nec = world.Nec();
  ASSERT_TRUE(world.Settle());
  world.broker.Stop();
  EnrolledCase(world, ishoej);
  ASSERT_TRUE(
      story::LeaveAMeasureIn(ishoej.store(), *ishoej.environment().vault, "canary-measure"));
  world.broker.Start();
  world.Pass(absl::Hours(3));

  const auto lines = ishoej.telemetry().LinesOf("relay.not_sent");
  ASSERT_FALSE(lines.empty());
  EXPECT_THAT(lines.back().fields[0].second,
              testing::StartsWith("projection leak: agreement.measures is present"));
  const auto entry = OnlyEntry(nec);
  ASSERT_TRUE(entry.ok()) << entry.status();
  EXPECT_EQ(entry->agreement_version(), 0U) << "the visitation came, the agreement did not";
  EXPECT_EQ(ishoej.unreceipted(), 1U);
}

}  // namespace
}  // namespace exitbus::simulation
