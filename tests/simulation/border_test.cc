// The second look at the border: whatever went wrong before it, a letter that holds more than its
// recipient may see does not leave.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "exitbus/exchange/v1/body.pb.h"
#include "exitbus/exchange/v1/letter.pb.h"
#include "exitbus/store/v1/rows.pb.h"
#include "tests/simulation/caseworker.h"

namespace exitbus::simulation {
namespace {

using exchange::Table;

// Does to the letter about a signed agreement that waits for NEC what a fault in the projection
// could: a measure is left in. Whether there was one.
bool LeaveAMeasureIn(Node& node) {
  for (const auto& [key, value] : node.store().rows(Table::kOutbox)) {
    store::v1::OutboxRow row;
    exchange::v1::Content content;
    exchange::v1::Body body;
    EXPECT_TRUE(row.ParseFromString(value));
    const auto plain = node.context().vault->Decrypt(row.unit(), row.sealed_content());
    EXPECT_TRUE(plain && content.ParseFromString(*plain) && body.ParseFromString(content.body()));
    if (!body.has_agreement_signed()) continue;
    auto& measure = *body.mutable_agreement_signed()->mutable_agreement()->add_measures();
    measure.set_description("canary-measure");
    content.set_body(body.SerializeAsString());
    row.set_sealed_content(node.context().vault->Encrypt(row.unit(), content.SerializeAsString()));
    EXPECT_TRUE(node.store().Commit({{Table::kOutbox, key, row.SerializeAsString()}}).ok());
    return true;
  }
  return false;
}

TEST(BorderTest, WhatHoldsMoreThanItsReaderMaySeeDoesNotLeave) {
  World world;
  Node& ishoej = world.Municipality("0183");
  Node& nec = world.Nec();
  world.broker.Stop();
  EnrolledCase(world, ishoej);
  ASSERT_TRUE(LeaveAMeasureIn(ishoej));
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
