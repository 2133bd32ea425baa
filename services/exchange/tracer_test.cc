// What passes a tracer goes on as it is; what the console is told is gathered of it, and nothing
// else.
#include "services/exchange/tracer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "adapters/memory/recording_telemetry.h"
#include "adapters/memory/simulated_time.h"
#include "exitbus/operations/v1/trace.pb.h"
#include "services/exchange/proto_time.h"

namespace exitbus::exchange {
namespace {

namespace ov1 = operations::v1;

class TracerTest : public testing::Test {
 protected:
  void Hop(const std::string& hop) {
    tracer_.Record({std::string(32, 'a'), "CHANNEL_CASE", hop, absl::InfinitePast(), "why"});
  }
  ov1::Standing Standing() {
    ov1::Standing standing;
    tracer_.Tell(standing);
    return standing;
  }

  adapters::RecordingTelemetry next_;
  adapters::SimulatedClock clock_;
  Tracer tracer_{&next_, &clock_};
};

TEST_F(TracerTest, AllGoesOnAsItIs) {
  tracer_.Log(Severity::kError, "inbox.dead_letter", {{"topic", "t"}});
  tracer_.Count("dead_letters", {{"reason", "r"}}, 2);
  tracer_.Set("store.disk_full", {}, 1);
  Hop("sent");
  EXPECT_EQ(next_.LinesOf("inbox.dead_letter").size(), 1U);
  EXPECT_EQ(next_.Total("dead_letters"), 2);
  EXPECT_EQ(next_.Gauge("store.disk_full", {}), 1);
  ASSERT_EQ(next_.hops().size(), 1U);
  EXPECT_EQ(next_.hops()[0].time, absl::InfinitePast());
}

TEST_F(TracerTest, HopsAreStampedByTheMachinesClockAndBounded) {
  Hop("sent");
  Hop("no such hop");
  ov1::TraceRecord told;
  tracer_.TakeHops(10, told);
  ASSERT_EQ(told.hops_size(), 1);
  EXPECT_EQ(told.hops(0).hop_id().size(), 16U);
  EXPECT_EQ(told.hops(0).kind(), ov1::HOP_KIND_SENT);
  EXPECT_EQ(told.hops(0).channel(), policy::v1::CHANNEL_CASE);
  EXPECT_EQ(FromProto(told.hops(0).time()), clock_.Now());
  EXPECT_EQ(told.hops(0).failure_class(), "why");
  for (std::size_t i = 0; i < Tracer::kHopsKept + 5; ++i) Hop("applied");
  ov1::TraceRecord some;
  tracer_.TakeHops(100, some);
  EXPECT_EQ(some.hops_size(), 100);
  EXPECT_EQ(some.hops_left_out(), 5U);
  ov1::TraceRecord rest;
  tracer_.TakeHops(10'000, rest);
  EXPECT_EQ(rest.hops_size(), static_cast<int>(Tracer::kHopsKept) - 100);
  EXPECT_EQ(rest.hops_left_out(), 0U);
}

TEST_F(TracerTest, WhatNoGaugeSaysIsNotSet) {
  const ov1::Standing standing = Standing();
  EXPECT_FALSE(standing.process().has_memory_bytes());
  EXPECT_FALSE(standing.process().has_disk_free_bytes());
  EXPECT_FALSE(standing.has_clock_ahead_seconds());
  EXPECT_EQ(standing.papers_size(), 0);
}

TEST_F(TracerTest, ProcessAndStoreAreAsTheGaugesSay) {
  tracer_.Set("process.resident_memory_bytes", {}, 5);
  tracer_.Set("store.disk_free_bytes", {}, 7);
  tracer_.Set("process.open_fds", {}, 3);
  tracer_.Set("process.max_fds", {}, 9);
  tracer_.Set("store.unreadable", {{"table", "states"}}, 1);
  tracer_.Set("store.unreadable", {{"table", "outbox"}}, 2);
  const ov1::Standing standing = Standing();
  EXPECT_EQ(standing.process().memory_bytes(), 5U);
  EXPECT_EQ(standing.process().disk_free_bytes(), 7U);
  EXPECT_EQ(standing.process().descriptors_open(), 3U);
  EXPECT_EQ(standing.process().descriptors_max(), 9U);
  EXPECT_EQ(standing.store().unreadable_rows(), 3U);
}

TEST_F(TracerTest, PapersHaveTheirEndsAndWhetherAReplacementIsRefused) {
  const auto now_s = static_cast<double>(absl::ToUnixSeconds(clock_.Now()));
  tracer_.Set("certificates.end_timestamp_seconds",
              {{"of", "api"}, {"paper", "certificate"}, {"number", "1"}}, now_s + 3600);
  tracer_.Set("certificates.end_timestamp_seconds",
              {{"of", "kafka"}, {"paper", "ca"}, {"number", "1"}}, now_s + 90);
  tracer_.Set("certificates.refused", {{"of", "api"}}, 1);
  tracer_.Set("directory.end_timestamp_seconds", {}, now_s + 30);
  tracer_.Set("directory.refused", {}, 1);
  tracer_.Set("keys.sealing_key_created_timestamp_seconds", {}, now_s);
  const ov1::Standing standing = Standing();
  ASSERT_EQ(standing.papers_size(), 4);
  EXPECT_EQ(standing.papers(0).kind(), ov1::PAPER_KIND_API_CERTIFICATE);
  EXPECT_TRUE(standing.papers(0).replacement_refused());
  EXPECT_EQ(FromProto(standing.papers(0).ends()), clock_.Now() + absl::Hours(1));
  EXPECT_EQ(standing.papers(1).kind(), ov1::PAPER_KIND_KAFKA_CA);
  EXPECT_FALSE(standing.papers(1).replacement_refused());
  EXPECT_EQ(standing.papers(2).kind(), ov1::PAPER_KIND_DIRECTORY);
  EXPECT_TRUE(standing.papers(2).replacement_refused());
  EXPECT_EQ(standing.papers(3).kind(), ov1::PAPER_KIND_SEALING_KEY);
  EXPECT_EQ(FromProto(standing.papers(3).ends()), clock_.Now() + absl::Hours(30 * 24));
}

TEST_F(TracerTest, ClocksAreToldWithoutWhoseTheyAre) {
  tracer_.Set("clock.peer_ahead_seconds", {{"peer", "police-1469"}}, -400);
  tracer_.Set("clock.peer_ahead_seconds", {{"peer", "nec"}}, 2);
  const ov1::Standing standing = Standing();
  EXPECT_EQ(standing.clock_ahead_seconds(), -400);
  EXPECT_EQ(standing.clocks_over_five_minutes(), 1U);
  EXPECT_THAT(standing.SerializeAsString(), testing::Not(testing::HasSubstr("police")));
}

TEST_F(TracerTest, AlarmsOfMissedDeadlinesAreCounted) {
  for (const char* event : {"erasure.overdue", "stay.unanswered", "overview.difference"}) {
    tracer_.Count("reports", {{"event", event}}, 1);
  }
  EXPECT_EQ(Standing().deadlines().missed(), 2U);
}

}  // namespace
}  // namespace exitbus::exchange
