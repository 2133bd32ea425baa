// A bus with somebody who uses it, for tests: everything runs in the test's thread, which waits for
// what it expects. Internal to this folder's tests.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "adapters/kafka/kafka_bus.h"
#include "adapters/memory/recording_telemetry.h"
#include "adapters/memory/simulated_time.h"
#include "gtest/gtest.h"

namespace exitbus::adapters {

// Only what hangs takes as long, however busy the machine is.
inline constexpr int kLimitS = 60;

class BusUser final : public exchange::BusListener {
 public:
  using Result = absl::StatusOr<exchange::PublishedAt>;

  explicit BusUser(const KafkaOptions& options) {
    auto made = MakeKafkaBus(options, &executor_, &telemetry);
    EXPECT_TRUE(made.ok()) << made.status();
    bus = *std::move(made);
    bus->Start(this);
  }

  void OnCluster(const std::string& id) override {
    clusters.push_back(id);
    if (on_cluster) on_cluster();
  }
  void OnUnavailable(const absl::Status& why) override { outages.push_back(why); }
  void OnRecords(std::vector<exchange::BusRecord> batch, absl::AnyInvocable<void()> more) override {
    batch_sizes.push_back(batch.size());
    for (auto& record : batch) records[record.topic].push_back(std::move(record));
    if (hold_more) {
      held.push_back(std::move(more));
    } else {
      more();
    }
  }

  void OnCaughtUp(const std::string& topic) override {
    caught_up[topic].push_back(records[topic].size());
  }

  [[nodiscard]] bool Wait(const std::function<bool()>& reached, int limit_s = kLimitS) {
    const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(limit_s);
    while (true) {
      executor_.RunUntilIdle();
      if (reached()) return true;
      if (std::chrono::steady_clock::now() > until) return false;
      std::this_thread::sleep_for(std::chrono::microseconds(200));
    }
  }
  void Settle(int duration_ms) {
    const auto until = std::chrono::steady_clock::now() + std::chrono::milliseconds(duration_ms);
    (void)Wait([&] { return std::chrono::steady_clock::now() >= until; });  // it is reached
  }
  [[nodiscard]] bool WaitForRecords(const std::string& topic, std::size_t count,
                                    int limit_s = kLimitS) {
    return Wait([&] { return records[topic].size() >= count; }, limit_s);
  }

  static exchange::BusRecord Record(const std::string& topic, const std::string& payload) {
    return {.topic = topic,
            .headers = {{"ce_id", "id of " + payload}, {"ce_type", std::string("a\0b", 3)}},
            .payload = payload,
            .timestamp = absl::FromUnixSeconds(absl::ToUnixSeconds(absl::Now())),
            .offset = -1};
  }
  Result Publish(const std::string& topic, const std::string& payload,
                 exchange::Priority priority = exchange::Priority::kOrdinary) {
    std::optional<Result> result;
    bus->Publish(priority, Record(topic, payload), [&](Result r) { result = std::move(r); });
    if (!Wait([&] { return result.has_value(); })) return absl::InternalError("no report");
    return *std::move(result);
  }
  void Read(const std::string& topic, std::optional<std::int64_t> offset = std::nullopt,
            exchange::Priority priority = exchange::Priority::kOrdinary) {
    bus->Read(priority, topic, offset);
  }
  std::vector<std::string> Payloads(const std::string& topic) {
    std::vector<std::string> payloads;
    for (const auto& record : records[topic]) payloads.push_back(record.payload);
    return payloads;
  }

  RecordingTelemetry telemetry;
  std::vector<std::string> clusters;
  std::vector<absl::Status> outages;
  std::map<std::string, std::vector<exchange::BusRecord>> records;
  std::map<std::string, std::vector<std::size_t>> caught_up;  // after how many records
  std::vector<std::size_t> batch_sizes;
  std::vector<absl::AnyInvocable<void()>> held;
  bool hold_more = false;
  std::function<void()> on_cluster;

 private:
  SimulatedClock clock_;
  SimulatedExecutor executor_{&clock_};

 public:
  std::unique_ptr<exchange::Bus> bus;  // last, so that it ends first
};

}  // namespace exitbus::adapters
