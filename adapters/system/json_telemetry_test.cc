#include "adapters/system/json_telemetry.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <sstream>
#include <vector>

#include "adapters/memory/simulated_time.h"

namespace exitbus::adapters {
namespace {

using exchange::Hop;
using exchange::Severity;
using nlohmann::json;

class JsonTelemetryTest : public testing::Test {
 protected:
  // The lines that `told` writes, each parsed.
  template <typename Tell>
  std::vector<json> Lines(JsonTelemetryOptions options, Tell told) {
    testing::internal::CaptureStderr();
    {
      JsonTelemetry telemetry(std::move(options), &clock_);
      told(telemetry);
    }
    std::istringstream text(testing::internal::GetCapturedStderr());
    std::vector<json> lines;
    for (std::string line; std::getline(text, line);) lines.push_back(json::parse(line));
    return lines;
  }

  SimulatedClock clock_{absl::FromUnixMillis(1'772'442'000'123)};
};

TEST_F(JsonTelemetryTest, OneObjectALine) {
  const auto lines = Lines({.service = "nec"}, [](JsonTelemetry& telemetry) {
    telemetry.Log(Severity::kWarning, "bus.unavailable", {{"why", "refused"}, {"tries", "3"}});
    telemetry.Log(Severity::kInfo, "started", {});
  });
  ASSERT_EQ(lines.size(), 2u);
  EXPECT_EQ(lines[0], json::parse(R"({"time": "2026-03-02T09:00:00.123Z", "level": "warning",
                                      "service": "nec", "event": "bus.unavailable",
                                      "fields": {"why": "refused", "tries": "3"}})"));
  EXPECT_EQ(lines[1]["event"], "started");
  EXPECT_FALSE(lines[1].contains("fields"));
}

TEST_F(JsonTelemetryTest, WhateverTheTextALineStaysALine) {
  const auto lines = Lines({.service = "s"}, [](JsonTelemetry& telemetry) {
    telemetry.Log(Severity::kError, "e", {{"f", "a\nb{}\"%v\\ \xff æ"}});
  });
  ASSERT_EQ(lines.size(), 1u);
  EXPECT_EQ(lines[0]["fields"]["f"], "a\nb{}\"%v\\ \xEF\xBF\xBD æ");
  EXPECT_EQ(lines[0]["level"], "error");
}

TEST_F(JsonTelemetryTest, LesserSeveritiesAreLeftOut) {
  const auto lines =
      Lines({.service = "s", .least = Severity::kWarning}, [](JsonTelemetry& telemetry) {
        telemetry.Log(Severity::kInfo, "i", {});
        telemetry.Log(Severity::kWarning, "w", {});
        telemetry.Log(Severity::kError, "e", {});
      });
  ASSERT_EQ(lines.size(), 2u);
  EXPECT_EQ(lines[0]["event"], "w");
}

TEST_F(JsonTelemetryTest, OneKindOfEventDoesNotFillTheLog) {
  const auto lines = Lines({.service = "s"}, [&](JsonTelemetry& telemetry) {
    for (int i = 0; i < 1000; ++i) telemetry.Log(Severity::kError, "flood", {});
    telemetry.Log(Severity::kError, "other", {});
    clock_.Advance(absl::Minutes(1));
    telemetry.Log(Severity::kError, "flood", {});
    telemetry.Log(Severity::kError, "flood", {});
  });
  ASSERT_EQ(lines.size(), 63u);
  EXPECT_EQ(lines[60]["event"], "other");
  EXPECT_EQ(lines[61]["left_out"], 940);
  EXPECT_FALSE(lines[62].contains("left_out"));
}

TEST_F(JsonTelemetryTest, HopsAreLoggedAsAskedFor) {
  const auto hops = [](JsonTelemetry& telemetry) {
    telemetry.Record({"local-1", "case", "sent", absl::UnixEpoch(), ""});
    telemetry.Record({"local-2", "case", "failed", absl::UnixEpoch(), "cannot_be_opened"});
    telemetry.Count("counted", {}, 1);
    telemetry.Set("set", {}, 1);
  };
  EXPECT_EQ(Lines({.service = "s", .hops = HopLines::kNone}, hops).size(), 0u);
  const auto failures = Lines({.service = "s", .hops = HopLines::kFailures}, hops);
  ASSERT_EQ(failures.size(), 1u);
  EXPECT_EQ(failures[0]["level"], "warning");
  EXPECT_EQ(failures[0]["event"], "hop");
  EXPECT_EQ(failures[0]["fields"],
            json::parse(R"({"hop_id": "local-2", "channel": "case", "hop": "failed",
                            "at": "1970-01-01T00:00:00.000Z",
                            "failure_class": "cannot_be_opened"})"));
  const auto all = Lines({.service = "s", .hops = HopLines::kAll}, hops);
  ASSERT_EQ(all.size(), 2u);
  EXPECT_EQ(all[0]["fields"]["hop_id"], "local-1");
}

}  // namespace
}  // namespace exitbus::adapters
