// The bus against a real broker: TLS, access lists, outages, and a broker that lost its disk.
#include "adapters/kafka/kafka_bus.h"

#include <sys/resource.h>

#include <algorithm>
#include <chrono>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "adapters/kafka/kafka_admin.h"
#include "adapters/kafka/testing/bus_fixture.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace exitbus::adapters {
namespace {

using std::chrono::steady_clock;
using ::testing::ElementsAre;

TEST_F(KafkaBusTest, BothLanesCarryBothWays) {
  Provision();
  BusUser user(broker().As("nec"));
  ASSERT_TRUE(user.Wait([&] { return !user.clusters.empty(); }));
  user.Read(kInbox);
  user.Read(kUrgent, std::nullopt, exchange::Priority::kUrgent);
  const auto ordinary = user.Publish(kInbox, "ordinary");
  ASSERT_TRUE(ordinary.ok()) << ordinary.status();
  EXPECT_EQ(ordinary->cluster_id, user.clusters[0]);
  ASSERT_TRUE(user.Publish(kUrgent, "urgent", exchange::Priority::kUrgent).ok());
  ASSERT_TRUE(user.WaitForRecords(kInbox, 1));
  ASSERT_TRUE(user.WaitForRecords(kUrgent, 1));
  const auto& got = user.records[kInbox].back();
  EXPECT_EQ(got.headers, BusUser::Record(kInbox, "ordinary").headers);
  EXPECT_EQ(absl::ToUnixMillis(got.timestamp) % 1000, 0);
}

TEST_F(KafkaBusTest, ATimeStampTooFarAheadIsRefusedAsSuchAndTheNextGoesThrough) {
  Provision();
  BusUser user(broker().As("nec"));
  ASSERT_TRUE(user.Wait([&] { return !user.clusters.empty(); }));
  const auto stamped = [&](absl::Duration ahead) {
    exchange::BusRecord record = BusUser::Record(kInbox, "stamped");
    record.timestamp += ahead;
    std::optional<absl::StatusCode> code;
    user.bus->Publish(
        exchange::Priority::kOrdinary, std::move(record),
        [&](absl::StatusOr<exchange::PublishedAt> result) { code = result.status().code(); });
    EXPECT_TRUE(user.Wait([&] { return code.has_value(); }));
    return code.value_or(absl::StatusCode::kUnknown);
  };
  EXPECT_EQ(stamped(absl::Minutes(4)), absl::StatusCode::kOk);
  EXPECT_EQ(stamped(absl::Minutes(10)), absl::StatusCode::kOutOfRange);
  EXPECT_EQ(stamped(absl::ZeroDuration()), absl::StatusCode::kOk);
}

TEST_F(KafkaBusTest, PacedRecordsArriveInMilliseconds) {
  Provision();
  BusUser user(broker().As("nec"));
  ASSERT_TRUE(user.Wait([&] { return !user.clusters.empty(); }));
  ASSERT_TRUE(user.Publish(kInbox, "warm").ok());
  user.Read(kInbox);
  ASSERT_TRUE(user.Wait([&] {
    const auto payloads = user.Payloads(kInbox);
    return !payloads.empty() && payloads.back() == "warm";
  }));
  std::vector<double> latencies;
  for (int i = 0; i < 100; ++i) {
    const std::size_t before = user.records[kInbox].size();
    const auto start = steady_clock::now();
    ASSERT_TRUE(user.Publish(kInbox, std::to_string(i)).ok());
    ASSERT_TRUE(user.WaitForRecords(kInbox, before + 1));
    latencies.push_back(SecondsSince(start));
    user.Settle(5);
  }
  std::sort(latencies.begin(), latencies.end());
  RecordProperty("latency_us_p50", static_cast<int>(latencies[50] * 1e6));
  RecordProperty("latency_us_p99", static_cast<int>(latencies[98] * 1e6));
  // A delayed acknowledgement costs 40 ms, a missed wake-up 1 s.
  EXPECT_LT(latencies[50], 0.02);
}

TEST_F(KafkaBusTest, ManyRecordsKeepTheirOrder) {
  Provision();
  BusUser user(broker().As("nec"));
  ASSERT_TRUE(user.Wait([&] { return !user.clusters.empty(); }));
  const auto first = user.Publish(kInbox, "first");
  ASSERT_TRUE(first.ok());
  constexpr int kCount = 20000;
  int reported = 0;
  const auto start = steady_clock::now();
  for (int i = 0; i < kCount; ++i) {
    user.bus->Publish(exchange::Priority::kOrdinary,
                      BusUser::Record(kInbox, std::to_string(i) + std::string(600, '.')),
                      [&](const BusUser::Result& result) { reported += result.ok() ? 1 : 0; });
  }
  ASSERT_TRUE(user.Wait([&] { return reported == kCount; })) << reported;
  user.Read(kInbox, first->offset + 1);
  ASSERT_TRUE(user.WaitForRecords(kInbox, kCount));
  RecordProperty("records_per_s", static_cast<int>(kCount / SecondsSince(start)));
  const auto& got = user.records[kInbox];
  for (int i = 0; i < kCount; ++i) {
    ASSERT_EQ(got[i].offset, first->offset + 1 + i);
    ASSERT_EQ(std::stoi(got[i].payload), i);
  }
  EXPECT_EQ(user.telemetry.Total("bus_stalls"), 0);
}

TEST_F(KafkaBusTest, WithoutRightsItIsSaidAndTheRestGoesOn) {
  Provision();
  BusUser user(broker().As("nec"));
  ASSERT_TRUE(user.Wait([&] { return !user.clusters.empty(); }));
  EXPECT_EQ(user.Publish(kForbidden, "x").status().code(), absl::StatusCode::kPermissionDenied);
  EXPECT_EQ(user.Publish(kInbox, std::string(2'000'000, 'x')).status().code(),
            absl::StatusCode::kInvalidArgument);
  user.Read(kForbidden);
  EXPECT_TRUE(user.Wait([&] { return !user.telemetry.LinesOf("bus.topic_refused").empty(); }));
  EXPECT_TRUE(user.Publish(kInbox, "goes on").ok());
  EXPECT_TRUE(user.outages.empty());
  // Once the right is given, both work without a restart.
  Provision(true);
  EXPECT_TRUE(user.Wait([&] { return user.Publish(kForbidden, "allowed").ok(); }));
  EXPECT_TRUE(user.WaitForRecords(kForbidden, 1));
  Provision();
}

TEST_F(KafkaBusTest, ATopicThatComesLaterIsReadWhenItComes) {
  constexpr char kLate[] = "exitbus.v1.relocation.nec.late";
  Provision();
  RecordingTelemetry telemetry;
  auto admin = KafkaAdmin::Make(broker().WithFiles("provisioner"), &telemetry);
  ASSERT_TRUE(admin.ok());
  BusUser user(broker().WithFiles("provisioner"));  // may see that there is no such topic
  ASSERT_TRUE(user.Wait([&] { return !user.clusters.empty(); }));
  user.Read(kLate);
  const auto start = steady_clock::now();
  EXPECT_EQ(user.Publish(kLate, "too early").status().code(), absl::StatusCode::kUnavailable);
  EXPECT_LT(SecondsSince(start), 5);
  EXPECT_TRUE(user.Wait([&] { return !user.telemetry.LinesOf("bus.topic_missing").empty(); }));
  const auto cpu = [] {
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    return static_cast<double>(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
           static_cast<double>(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
  };
  const double cpu_before = cpu();
  std::this_thread::sleep_for(std::chrono::seconds(3));
  EXPECT_LT(cpu() - cpu_before, 0.3) << "waiting must not spin";
  const auto done = (*admin)->Provision({{kLate, absl::Hours(1)}},
                                        {{.principal = "User:nec", .name = kInbox}}, false);
  ASSERT_TRUE(done.ok()) << done.status();
  EXPECT_TRUE(user.Wait([&] { return user.Publish(kLate, "now").ok(); }, 8));
  EXPECT_TRUE(user.WaitForRecords(kLate, 1, 8));
}

TEST_F(KafkaBusTest, StartsWithoutABrokerAndSurvivesACrash) {
  Provision();
  const KafkaOptions options = broker().As("nec");
  broker().Do("kill");
  BusUser user(options);
  ASSERT_TRUE(user.Wait([&] { return !user.outages.empty(); }, 5));
  EXPECT_EQ(user.outages[0].code(), absl::StatusCode::kUnavailable);
  EXPECT_EQ(user.Publish(kInbox, "nobody there").status().code(), absl::StatusCode::kUnavailable);
  broker().Do("start");
  ASSERT_TRUE(user.Wait([&] { return user.clusters.size() == 1; }, 5));
  ASSERT_TRUE(user.Wait([&] { return user.Publish(kInbox, "before the crash").ok(); }));
  user.Read(kInbox);
  const auto seen = [&](const std::string& payload) {
    const auto payloads = user.Payloads(kInbox);
    return std::find(payloads.begin(), payloads.end(), payload) != payloads.end();
  };
  ASSERT_TRUE(user.Wait([&] { return seen("before the crash"); }));

  broker().Do("kill");
  ASSERT_TRUE(user.Wait([&] { return user.outages.size() == 2; }, 5));
  broker().Do("start");
  const auto start = steady_clock::now();
  ASSERT_TRUE(user.Wait([&] { return user.clusters.size() == 2; }, 5));
  RecordProperty("noticed_ms", static_cast<int>(SecondsSince(start) * 1000));
  EXPECT_EQ(user.clusters[0], user.clusters[1]);
  ASSERT_TRUE(user.Wait([&] { return user.Publish(kInbox, "after the crash").ok(); }));
  ASSERT_TRUE(user.Wait([&] { return seen("after the crash"); }));
}

TEST_F(KafkaBusTest, AWipedBrokerIsAnotherClusterAndEverythingWorksAgain) {
  Provision();
  BusUser user(broker().As("nec"));
  user.on_cluster = [&] { user.Read(kInbox, user.clusters.size() == 1 ? 0 : 1'000'000); };
  ASSERT_TRUE(user.Wait([&] { return !user.clusters.empty(); }));
  ASSERT_TRUE(user.Publish(kInbox, "old world").ok());
  ASSERT_TRUE(user.WaitForRecords(kInbox, 1));
  broker().Do("wipe");
  broker().Do("start");
  ASSERT_TRUE(user.Wait([&] { return user.clusters.size() == 2; }));
  EXPECT_NE(user.clusters[0], user.clusters[1]);
  EXPECT_EQ(user.telemetry.Total("bus_cluster_changes"), 1);
  user.records.clear();
  // Topics come back with the services running.
  Provision();
  BusUser::Result at = absl::UnknownError("");
  ASSERT_TRUE(user.Wait([&] { return (at = user.Publish(kInbox, "new world")).ok(); }))
      << at.status();
  EXPECT_EQ(at->cluster_id, user.clusters[1]);
  EXPECT_EQ(at->offset, 0);
  ASSERT_TRUE(user.WaitForRecords(kInbox, 1));
  EXPECT_THAT(user.Payloads(kInbox), ElementsAre("new world"));
}

}  // namespace
}  // namespace exitbus::adapters
