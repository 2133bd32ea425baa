#include "adapters/http/prometheus_telemetry.h"

#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <thread>
#include <vector>

#include "adapters/http/metrics.h"
#include "adapters/memory/recording_telemetry.h"

namespace exitbus::adapters {
namespace {

using exchange::Severity;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

// The whole answer to a plain HTTP request.
std::string Get(int port, const std::string& path) {
  const int connection = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  std::string answer;
  if (connect(connection, reinterpret_cast<sockaddr*>(&address), sizeof(address)) == 0) {
    const std::string request =
        "GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
    if (write(connection, request.data(), request.size()) > 0) {
      std::array<char, 4096> part{};
      for (ssize_t size = 0; (size = read(connection, part.data(), part.size())) > 0;) {
        answer.append(part.data(), static_cast<std::size_t>(size));
      }
    }
  }
  close(connection);
  return answer;
}

std::unique_ptr<PrometheusTelemetry> Serve(exchange::Telemetry* next) {
  auto served = PrometheusTelemetry::Serve("127.0.0.1:0", next);
  EXPECT_TRUE(served.ok()) << served.status();
  return served.ok() ? *std::move(served) : nullptr;
}

// One server for the suite, because stopping it takes up to two seconds; each test has names of
// its own.
class PrometheusTelemetryTest : public testing::Test {
 protected:
  static void SetUpTestSuite() { telemetry_ = Serve(&next_); }
  static void TearDownTestSuite() { telemetry_.reset(); }

  static std::string Metrics() { return Get(telemetry_->port(), "/metrics"); }

  static inline RecordingTelemetry next_;
  static inline std::unique_ptr<PrometheusTelemetry> telemetry_;
};

TEST_F(PrometheusTelemetryTest, CountersAndGaugesAreServed) {
  telemetry_->Count("bus.published", {{"priority", "urgent"}}, 2);
  telemetry_->Count("bus.published", {{"priority", "urgent"}}, 3);
  telemetry_->Count("bus.published", {{"priority", "ordinary"}}, 1);
  telemetry_->Set("queue.length", {}, 9);
  telemetry_->Set("queue.length", {}, 4);
  EXPECT_THAT(
      Metrics(),
      AllOf(HasSubstr("200 OK"), HasSubstr("exitbus_bus_published_total{priority=\"urgent\"} 5\n"),
            HasSubstr("exitbus_bus_published_total{priority=\"ordinary\"} 1\n"),
            HasSubstr("exitbus_queue_length 4\n"), HasSubstr("exitbus_series_dropped_total 0\n")));
}

TEST_F(PrometheusTelemetryTest, LinesAndHopsAreCountedAndPassedOn) {
  telemetry_->Log(Severity::kError, "engine.store_failed", {{"why", "full"}});
  telemetry_->Record({"local-1", "case", "sent", absl::UnixEpoch(), ""});
  ASSERT_EQ(next_.LinesOf("engine.store_failed").size(), 1u);
  EXPECT_EQ(next_.lines()[0].fields, (exchange::Labels{{"why", "full"}}));
  ASSERT_EQ(next_.hops().size(), 1u);
  const std::string metrics = Metrics();
  EXPECT_THAT(metrics,
              AllOf(HasSubstr("exitbus_log_lines_total{severity=\"error\"} 1\n"),
                    HasSubstr("exitbus_hops_total{channel=\"case\",failure_class=\"\",hop=\"sent\"}"
                              " 1\n"),
                    Not(HasSubstr("local-1"))));
}

TEST_F(PrometheusTelemetryTest, WhateverTheNameItIsServed) {
  telemetry_->Count("9 lives/æ", {{"__own", "a\"b"}, {"1", "x"}, {"", "y"}}, 1);
  telemetry_->Set("", {}, 1);
  EXPECT_THAT(Metrics(), AllOf(HasSubstr("exitbus_9_lives____total{"),
                               HasSubstr("label___own=\"other\""), HasSubstr("exitbus_ 1\n")));
}

TEST_F(PrometheusTelemetryTest, WhatALibrarySaysInProseIsNoSeriesOfItsOwn) {
  telemetry_->Count("failures", {{"why", "Broker: \"b-1\" said no (after 5 ms)"}}, 1);
  telemetry_->Count("failures", {{"why", "Broker: \"b-2\" said no (after 6 ms)"}}, 1);
  telemetry_->Count("failures", {{"why", "handover.already_taken_over"}}, 1);
  EXPECT_THAT(Metrics(),
              AllOf(HasSubstr("exitbus_failures_total{why=\"other\"} 2\n"),
                    HasSubstr("exitbus_failures_total{why=\"handover.already_taken_over\"} 1\n"),
                    Not(HasSubstr("said no"))));
}

TEST_F(PrometheusTelemetryTest, EachSaysWhatItMeans) {
  telemetry_->Set("bus_up", {}, 1);
  telemetry_->Count("letters.repeated", {}, 1);
  EXPECT_THAT(Metrics(), AllOf(HasSubstr("# HELP exitbus_bus_up Whether a broker answers\n"),
                               HasSubstr("# HELP exitbus_letters_repeated_total Letters that")));
}

TEST_F(PrometheusTelemetryTest, TooManySeriesAreDroppedAndCounted) {
  const std::unique_ptr<PrometheusTelemetry> full = Serve(&next_);
  for (int i = 0; i < 10'005; ++i) full->Set("many", {{"i", std::to_string(i)}}, i);
  // Ten thousand in all, with those that are there from the start.
  EXPECT_THAT(Get(full->port(), "/metrics"),
              AllOf(HasSubstr("exitbus_series_dropped_total "),
                    Not(HasSubstr("exitbus_series_dropped_total 0\n")),
                    HasSubstr("exitbus_many{i=\"9000\"}"), Not(HasSubstr("i=\"10004\""))));
}

TEST_F(PrometheusTelemetryTest, ALabelTakesNoMoreValuesThanItMay) {
  const std::size_t most = FindMetricLabel("cause")->values_max;
  for (std::size_t i = 0; i < most + 7; ++i) {
    telemetry_->Count("bus.disconnects", {{"cause", "made_up_" + std::to_string(i)}}, 1);
  }
  const std::string metrics = Metrics();
  EXPECT_THAT(metrics, AllOf(HasSubstr("disconnects_total{cause=\"made_up_0\"} 1\n"),
                             HasSubstr("disconnects_total{cause=\"other\"} 7\n"),
                             Not(HasSubstr("made_up_" + std::to_string(most)))));
}

TEST_F(PrometheusTelemetryTest, NoLabelHoldsACprNumber) {
  for (const char* value : {"6101801001", "610180-1001", "case/6101801001"}) {
    telemetry_->Count("letters.without_effect", {{"name", value}}, 1);
  }
  EXPECT_THAT(Metrics(), AllOf(HasSubstr("without_effect_total{name=\"other\"} 3\n"),
                               Not(HasSubstr("610180"))));
}

TEST_F(PrometheusTelemetryTest, WhatHasNoLabelIsCountedFromNoughtOn) {
  EXPECT_THAT(Metrics(), HasSubstr("exitbus_receipts_for_unsent_total 0\n"));
}

TEST_F(PrometheusTelemetryTest, TheProcessIsNamedAsPrometheusNamesIt) {
  telemetry_->Set("process.open_fds", {}, 12);
  EXPECT_THAT(Metrics(), HasSubstr("\nprocess_open_fds 12\n"));
}

TEST_F(PrometheusTelemetryTest, CountsFromManyThreadsAddUp) {
  std::vector<std::thread> threads;
  for (int thread = 0; thread < 4; ++thread) {
    threads.emplace_back([this] {
      for (int i = 0; i < 1000; ++i) telemetry_->Count("c", {}, 1);
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_THAT(Metrics(), HasSubstr("exitbus_c_total 4000\n"));
}

TEST_F(PrometheusTelemetryTest, ATakenPortIsUnavailable) {
  const std::string address = "127.0.0.1:" + std::to_string(telemetry_->port());
  const auto second = PrometheusTelemetry::Serve(address, &next_);
  EXPECT_EQ(second.status().code(), absl::StatusCode::kUnavailable);
  EXPECT_THAT(std::string(second.status().message()), HasSubstr(address));
}

}  // namespace
}  // namespace exitbus::adapters
