// What a service's figures say of what happens to it: something is broken at real processes, and
// the figure changes, and changes back.
#include "tests/separation/figures.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <iostream>
#include <map>
#include <regex>
#include <set>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/time/clock.h"
#include "adapters/directory/files.h"
#include "adapters/http/metrics.h"
#include "tests/e2e/environment.h"
#include "tests/e2e/operator.h"

namespace exitbus::story {
namespace {

const Member& Ishoj() { return MemberNamed(kIshoj); }
const Member& Odense() { return MemberNamed(kOdense); }

constexpr char kOldest[] = "exitbus_outbox_oldest_age_seconds";
// As deploy/monitoring/alerts.yaml has it, and what its two looks add is within the minute.
constexpr double kStuckAfterS = 30;

class FiguresTest : public ::testing::Test {
 protected:
  static std::unique_ptr<Actor> At(const Member& member) {
    auto actor = Actor::Make(member, TheDeployment().ClientOf(member), absl::Seconds(30));
    EXPECT_TRUE(actor.ok()) << actor.status();
    return *std::move(actor);
  }
  [[nodiscard]] static bool Becomes(const Member& member, const std::string& name,
                                    const std::string& part,
                                    const std::function<bool(double)>& holds) {
    return Operator::Eventually([&] { return holds(FigureOf(member, name, part)); });
  }
  // What all that are served say, without what is said of them.
  static std::vector<std::string> SeriesOf(const Member& member) {
    const std::string log = TheDeployment().places().state + "/series.log";
    const std::string url =
        absl::StrCat("http://127.0.0.1:", TheDeployment().metrics_port(member), "/metrics");
    EXPECT_TRUE(RunTool({"curl", "-sSf", "--max-time", "5", url}, log).ok());
    std::vector<std::string> series;
    for (const auto line : absl::StrSplit(adapters::ReadFile(log).value_or(""), '\n')) {
      if (!line.empty() && line[0] != '#') series.emplace_back(line);
    }
    return series;
  }
  static double Now() { return absl::ToDoubleSeconds(absl::Now() - absl::UnixEpoch()); }

  Operator operator_;
};

// None but the library's own is missing in the table, or has other labels; no label takes more
// values than it may, and none holds what could be a person's number.
TEST_F(FiguresTest, WhatAllServicesServeIsInTheTableAndBounded) {
  std::map<std::string, const adapters::Metric*> by_name;
  for (const auto& metric : adapters::Metrics()) {
    by_name[adapters::ServedName(metric.type, metric.name)] = &metric;
  }
  const std::regex one(R"re(([a-z_0-9]+)(?:\{(.*)\})? .*)re");
  const std::regex label(R"re(([a-z_]+)="([^"]*)")re");
  int looked_at = 0;
  for (const Member& member : Cast()) {
    std::map<std::pair<std::string, std::string>, std::set<std::string>> values;
    for (const std::string& series : SeriesOf(member)) {
      std::smatch parts;
      ASSERT_TRUE(std::regex_match(series, parts, one)) << series;
      if (absl::StartsWith(parts[1].str(), "exposer_")) continue;  // prometheus-cpp's own
      ASSERT_TRUE(by_name.contains(parts[1])) << series << ": not in metrics.inc";
      std::set<std::string> labels;
      const std::string said = parts[2];
      for (std::sregex_iterator at(said.begin(), said.end(), label), end; at != end; ++at) {
        labels.insert((*at)[1]);
        values[{parts[1], (*at)[1]}].insert((*at)[2]);
        EXPECT_FALSE(std::regex_search((*at)[2].str(), std::regex("[0-9]{6}-?[0-9]{4}"))) << series;
      }
      const auto& declared = by_name[parts[1]]->labels;
      EXPECT_EQ(labels, std::set<std::string>(declared.begin(), declared.end())) << series;
      ++looked_at;
    }
    for (const auto& [name, taken] : values) {
      EXPECT_LE(taken.size(), adapters::FindMetricLabel(name.second)->values_max) << name.first;
    }
  }
  EXPECT_GT(looked_at, 300);
}

TEST_F(FiguresTest, ALetterWhoseReceiverIsDownIsSeenToBeStuckWithinAMinute) {
  const auto ishoj = At(Ishoj());
  const std::string case_id = EnrolledCase(*ishoj, "6301804001");
  ASSERT_TRUE(Becomes(Ishoj(), kOldest, "", [](double age) { return age == 0; }));
  ASSERT_TRUE(TheDeployment().KillService(Odense()).ok());
  ASSERT_TRUE(ishoj->RequestHandover(case_id, kOdense, hv1::HANDOVER_REASON_RELOCATION).ok());
  const absl::Time made = absl::Now();
  ASSERT_TRUE(Becomes(Ishoj(), kOldest, "", [](double age) { return age > kStuckAfterS; }));
  const absl::Duration seen = absl::Now() - made;
  std::cout << "  seen after " << absl::FormatDuration(seen) << std::endl;
  EXPECT_LT(seen, absl::Seconds(40));
  ASSERT_TRUE(TheDeployment().StartService(Odense()).ok());
  ASSERT_TRUE(TheDeployment().AwaitServing(Odense()).ok());
  EXPECT_TRUE(Becomes(Ishoj(), kOldest, "", [](double age) { return age == 0; }));
}

TEST_F(FiguresTest, ABrokerThatIsLostIsCountedByCauseAndWhatWaitsForItGrowsOld) {
  const char* counter = "exitbus_bus_disconnects_total";
  const std::string cause = "cause=\"broker_unreachable\"";
  const double before = FigureOf(Ishoj(), counter, cause);
  const auto ishoj = At(Ishoj());
  const std::string case_id = EnrolledCase(*ishoj, "6301804002");
  ASSERT_TRUE(TheDeployment().KillBroker().ok());
  EXPECT_TRUE(Becomes(Ishoj(), "exitbus_bus_up", "", [](double up) { return up == 0; }));
  EXPECT_EQ(FigureOf(Ishoj(), counter, cause), before + 1);
  ASSERT_TRUE(ishoj->RequestHandover(case_id, kOdense, hv1::HANDOVER_REASON_RELOCATION).ok());
  EXPECT_TRUE(Becomes(Ishoj(), kOldest, "", [](double age) { return age > 3; }));
  ASSERT_TRUE(TheDeployment().StartBroker().ok());
  EXPECT_TRUE(Becomes(Ishoj(), "exitbus_bus_up", "", [](double up) { return up == 1; }));
  EXPECT_TRUE(Becomes(Ishoj(), kOldest, "", [](double age) { return age == 0; }));
  EXPECT_EQ(FigureOf(Ishoj(), counter, cause), before + 1) << "it was lost once";
}

TEST_F(FiguresTest, ADirectoryThatIsTakenOrRefusedIsCountedAndItsEndIsSaid) {
  const char* counter = "exitbus_file_reloads_total";
  const auto reloads = [&](const std::string& outcome) {
    return FigureOf(Ishoj(), counter, absl::StrCat("file=\"directory\",outcome=\"", outcome, "\""));
  };
  const double taken = reloads("taken");
  const double refused = reloads("refused");
  const directory::v1::Directory next = operator_.Next();
  ASSERT_TRUE(operator_.Publish(next));
  EXPECT_EQ(reloads("taken"), taken + 1);
  EXPECT_TRUE(Becomes(Ishoj(), "exitbus_directory_end_timestamp_seconds", "", [&](double end) {
    return end == static_cast<double>(next.expires().seconds());
  }));
  const std::string file = TheDeployment().places().directory();
  const std::string good = adapters::ReadFile(file).value_or("");
  ASSERT_TRUE(adapters::ReplaceFile(file, "nonsense").ok());
  EXPECT_TRUE(Becomes(Ishoj(), "exitbus_directory_refused", "", [](double is) { return is == 1; }));
  EXPECT_GT(reloads("refused"), refused);
  ASSERT_TRUE(adapters::ReplaceFile(file, good).ok());
  EXPECT_TRUE(Becomes(Ishoj(), "exitbus_directory_refused", "", [](double is) { return is == 0; }));
  EXPECT_EQ(reloads("taken"), taken + 1) << "it is the one that was in force";
}

TEST_F(FiguresTest, ACertificateThatIsTakenIsCountedAndItsEndIsSaid) {
  const Places& places = TheDeployment().places();
  const std::string of_api = "file=\"api_tls\",outcome=\"taken\"";
  const double taken = FigureOf(Odense(), "exitbus_file_reloads_total", of_api);
  IssueCertificate({"--as", "odense-for-figures", "--days", "90", "issue-authority", kOdense});
  for (const auto& [from, to] :
       {std::pair(places.certificate("odense-for-figures"), places.certificate(kOdense)),
        std::pair(places.key("odense-for-figures"), places.key(kOdense))}) {
    std::filesystem::copy_file(from, to + ".new");
    std::filesystem::rename(to + ".new", to);
  }
  EXPECT_TRUE(Becomes(Odense(), "exitbus_file_reloads_total", of_api,
                      [&](double now) { return now == taken + 1; }));
  const double days_90 = Now() + 90.0 * 24 * 3600;
  EXPECT_TRUE(Becomes(Odense(), "exitbus_certificates_end_timestamp_seconds",
                      "number=\"1\",of=\"api\",paper=\"certificate\"",
                      [&](double end) { return std::abs(end - days_90) < 300; }));
}

TEST_F(FiguresTest, AProcessSaysWhenItStartedAndWhatItHas) {
  const double started = FigureOf(Odense(), "process_start_time_seconds");
  EXPECT_GT(FigureOf(Odense(), "process_resident_memory_bytes"), 1e7);
  EXPECT_GT(FigureOf(Odense(), "process_open_fds"), 10);
  ASSERT_TRUE(TheDeployment().KillService(Odense()).ok());
  const double killed = Now();
  ASSERT_TRUE(TheDeployment().StartService(Odense()).ok());
  ASSERT_TRUE(TheDeployment().AwaitServing(Odense()).ok());
  const double again = FigureOf(Odense(), "process_start_time_seconds");
  EXPECT_LT(started, killed);
  EXPECT_GE(again, killed - 1);
  EXPECT_LE(again, Now());
}

}  // namespace
}  // namespace exitbus::story
