// How hops are folded: into paths, throughput and how long letters took; and that what an authority
// tells is bounded, and cannot be made to say more than it may.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstring>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "exitbus/operations/v1/figures.pb.h"
#include "exitbus/operations/v1/message_path.pb.h"
#include "exitbus/operations/v1/overview.pb.h"
#include "exitbus/operations/v1/trace.pb.h"
#include "services/console/paths.h"
#include "services/console/recent.h"
#include "services/console/reports.h"
#include "services/exchange/proto_time.h"

namespace exitbus::console {
namespace {

namespace ov1 = operations::v1;
using testing::ElementsAre;

constexpr char kIshoj[] = "municipality-0183";
constexpr char kOdense[] = "municipality-0461";

std::string IdOf(int letter) {
  std::string id(16, '\0');
  std::memcpy(id.data(), &letter, sizeof(letter));
  return id;
}

ov1::Hop HopOf(int letter, ov1::HopKind kind, absl::Time time, const std::string& failure = "") {
  ov1::Hop hop;
  hop.set_hop_id(IdOf(letter));
  hop.set_channel(policy::v1::CHANNEL_CASE);
  hop.set_kind(kind);
  *hop.mutable_time() = exchange::ToProto(time);
  hop.set_failure_class(failure);
  return hop;
}

class FoldTest : public testing::Test {
 protected:
  const absl::Time now_ = absl::FromUnixSeconds(1'800'000'000);
};

TEST_F(FoldTest, APathIsItsHopsInOrderAndSaysHowLongTheLetterTook) {
  Paths paths;
  EXPECT_EQ(paths.Add(kIshoj, HopOf(1, ov1::HOP_KIND_CREATED, now_)), std::nullopt);
  paths.Add(kIshoj, HopOf(1, ov1::HOP_KIND_NOT_SENT, now_ + absl::Seconds(1), "timed_out"));
  paths.Add(kIshoj, HopOf(1, ov1::HOP_KIND_SENT, now_ + absl::Seconds(6)));
  EXPECT_EQ(paths.Add(kIshoj, HopOf(1, ov1::HOP_KIND_RECEIPTED, now_ + absl::Seconds(7))), now_);
  const auto path = paths.Find(absl::BytesToHexString(IdOf(1)));
  ASSERT_TRUE(path.has_value());
  EXPECT_EQ(path->authority(), kIshoj);
  std::vector<int> kinds;
  for (const auto& hop : path->hops()) kinds.push_back(hop.kind());
  EXPECT_THAT(kinds, ElementsAre(ov1::HOP_KIND_CREATED, ov1::HOP_KIND_NOT_SENT, ov1::HOP_KIND_SENT,
                                 ov1::HOP_KIND_RECEIPTED));
  EXPECT_EQ(path->hops(1).failure_class(), "timed_out");
  EXPECT_EQ(paths.Find(absl::BytesToHexString(IdOf(2))), std::nullopt);
  EXPECT_EQ(paths.Find("no id"), std::nullopt);
}

TEST_F(FoldTest, NobodyAddsToAnothersPath) {
  Paths paths;
  paths.Add(kIshoj, HopOf(1, ov1::HOP_KIND_CREATED, now_));
  EXPECT_EQ(paths.Add(kOdense, HopOf(1, ov1::HOP_KIND_RECEIPTED, now_)), std::nullopt);
  const auto path = paths.Find(absl::BytesToHexString(IdOf(1)));
  EXPECT_EQ(path->hops_size(), 1);
  EXPECT_EQ(path->authority(), kIshoj);
}

TEST_F(FoldTest, LettersAndHopsAreBoundedAndTheOldestGo) {
  Paths paths(100);
  for (int letter = 0; letter < 250; ++letter) {
    paths.Add(kIshoj, HopOf(letter, ov1::HOP_KIND_CREATED, now_));
  }
  EXPECT_EQ(paths.size(), 100U);
  EXPECT_EQ(paths.Find(absl::BytesToHexString(IdOf(149))), std::nullopt);
  for (int i = 0; i < 100; ++i) {
    paths.Add(kIshoj, HopOf(249, ov1::HOP_KIND_NOT_SENT, now_ + absl::Seconds(i)));
  }
  const auto path = paths.Find(absl::BytesToHexString(IdOf(249)));
  EXPECT_EQ(path->hops_size(), static_cast<int>(Paths::kHopsMax));
  EXPECT_TRUE(path->hops_left_out());
  EXPECT_EQ(path->hops(0).kind(), ov1::HOP_KIND_CREATED);
}

TEST_F(FoldTest, FiguresAreOfTheLastFiveMinutes) {
  Recent recent;
  for (int i = 1; i <= 100; ++i) {
    recent.Count(ov1::HOP_KIND_RECEIPTED, now_);
    recent.Took(i <= 90 ? absl::Milliseconds(20) : absl::Seconds(10), now_);
  }
  EXPECT_EQ(recent.ThroughputAt(now_).receipted(), 100U);
  const ov1::Latency latency = recent.LatencyAt(now_);
  EXPECT_EQ(latency.letters(), 100U);
  const auto ms = [](const google::protobuf::Duration& duration) {
    return duration.seconds() * 1000 + duration.nanos() / 1'000'000;
  };
  EXPECT_GE(ms(latency.p50()), 20);
  EXPECT_LE(ms(latency.p50()), 30);
  EXPECT_GE(ms(latency.p95()), 10'000);
  EXPECT_LE(ms(latency.p99()), 15'000);
  EXPECT_EQ(recent.ThroughputAt(now_ + absl::Minutes(6)).receipted(), 0U);
  EXPECT_EQ(recent.LatencyAt(now_ + absl::Minutes(6)).letters(), 0U);
}

TEST_F(FoldTest, PresenceSilenceAndRestartsAreNoticed) {
  Reports reports(now_);
  EXPECT_EQ(reports.PresenceOf(kIshoj, now_), ov1::PRESENCE_NEVER_HEARD);
  ov1::TraceRecord told;
  *told.mutable_started() = exchange::ToProto(now_ - absl::Hours(1));
  reports.Take(kIshoj, told, now_);
  EXPECT_EQ(reports.PresenceOf(kIshoj, now_ + absl::Seconds(15)), ov1::PRESENCE_HEARD);
  const absl::Time later = now_ + absl::Seconds(16);
  EXPECT_EQ(reports.PresenceOf(kIshoj, later), ov1::PRESENCE_SILENT);
  EXPECT_EQ(reports.PresenceSince(kIshoj, later), now_);
  *told.mutable_started() = exchange::ToProto(later);
  reports.Take(kIshoj, told, later);
  EXPECT_EQ(reports.Find(kIshoj)->restarts.size(), 1U);
  EXPECT_EQ(reports.PresenceSince(kIshoj, later), later);
  reports.Take(kIshoj, told, later + absl::Hours(2));
  EXPECT_TRUE(reports.Find(kIshoj)->restarts.empty());
}

TEST_F(FoldTest, WhatIsNoFailuresNameIsNotShown) {
  Reports reports(now_);
  ov1::TraceRecord told;
  *told.add_hops() = HopOf(1, ov1::HOP_KIND_REFUSED, now_, "he moves to Odense");
  ov1::DeadClass& dead = *told.mutable_standing()->add_channels()->add_dead();
  dead.set_failure_class(std::string(65, 'x'));
  told.mutable_standing()->set_version("0.2.0 <script>");
  reports.Take(kIshoj, told, now_);
  EXPECT_EQ(reports.hops().front().failure_class(), "other");
  const auto& standing = *reports.Find(kIshoj)->standing;
  EXPECT_EQ(standing.channels(0).dead(0).failure_class(), "other");
  EXPECT_EQ(standing.version(), "other");
}

TEST_F(FoldTest, TheNewestHopsAreKept) {
  Reports reports(now_);
  for (int letter = 0; letter < 5000; ++letter) {
    ov1::TraceRecord told;
    *told.add_hops() = HopOf(letter, ov1::HOP_KIND_CREATED, now_);
    reports.Take(kIshoj, told, now_);
  }
  EXPECT_EQ(reports.hops().size(), Reports::kHopsKept);
  EXPECT_EQ(reports.first_hop(), 5000 - Reports::kHopsKept);
}

}  // namespace
}  // namespace exitbus::console
