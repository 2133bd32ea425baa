// The code is searched for what it counts and sets, so that the table of metrics has all of it, and
// nothing that is gone.
#include "adapters/http/metrics.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <regex>
#include <set>
#include <string>

#include "absl/strings/match.h"
#include "absl/strings/str_join.h"

namespace exitbus::adapters {
namespace {

using ::testing::MatchesRegex;
using ::testing::UnorderedElementsAreArray;

struct Use {
  MetricType type = MetricType::kGauge;
  bool labels_known = true;  // they stand there
  std::vector<std::string> labels;
};

void Search(const std::string& code, std::multimap<std::string, Use>& uses) {
  static const std::regex told(R"re(\b(Count|Set)\(\s*"([a-z0-9_.]+)",\s*([^;]*);)re");
  static const std::regex label(R"re(\{"([a-z_]+)",)re");
  for (std::sregex_iterator found(code.begin(), code.end(), told), end; found != end; ++found) {
    const std::string said = (*found)[3];
    Use use{(*found)[1] == "Count" ? MetricType::kCounter : MetricType::kGauge, said[0] == '{', {}};
    for (std::sregex_iterator one(said.begin(), said.end(), label); one != end; ++one) {
      use.labels.push_back((*one)[1]);
    }
    uses.emplace((*found)[2], use);
  }
}

std::multimap<std::string, Use> UsesInTheCode() {
  std::multimap<std::string, Use> uses;
  for (const char* folder : {"services", "adapters"}) {
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
      const std::string path = entry.path().string();
      if (entry.path().extension() != ".cc" || absl::EndsWith(path, "_test.cc")) continue;
      std::ifstream file(entry.path());
      Search(std::string((std::istreambuf_iterator<char>(file)), {}), uses);
    }
  }
  return uses;
}

TEST(MetricsTest, WhatTheCodeCountsAndSetsIsInTheTableAsItIs) {
  const auto uses = UsesInTheCode();
  EXPECT_GT(uses.size(), 60U) << "run it from the folder of the sources";
  for (const auto& [name, use] : uses) {
    const Metric* metric = FindMetric(name);
    ASSERT_NE(metric, nullptr) << name << ": give it a line in metrics.inc";
    EXPECT_EQ(metric->type, use.type) << name;
    if (!use.labels_known) continue;
    EXPECT_THAT(metric->labels, UnorderedElementsAreArray(use.labels)) << name;
  }
}

TEST(MetricsTest, NothingIsInTheTableThatIsGone) {
  const auto uses = UsesInTheCode();
  // By the telemetry's own hand, which names them otherwise.
  const std::set<std::string> own = {"hops", "log_lines", "series_dropped"};
  for (const Metric& metric : Metrics()) {
    EXPECT_TRUE(uses.contains(metric.name) || own.contains(metric.name)) << metric.name;
  }
}

TEST(MetricsTest, NamesFollowPrometheusConventions) {
  std::set<std::string> served;
  for (const Metric& metric : Metrics()) {
    const std::string name = ServedName(metric.type, metric.name);
    EXPECT_TRUE(served.insert(name).second) << name << ": twice";
    EXPECT_THAT(name, MatchesRegex("[a-z][a-z0-9_]*"));
    EXPECT_FALSE(absl::EndsWith(metric.name, "total")) << name << ": a counter gets it by itself";
    for (const char* unit : {"ms", "millis", "minutes", "hours", "days", "kib", "mib", "percent"}) {
      EXPECT_FALSE(absl::EndsWith(metric.name, std::string("_") + unit))
          << name << ": not a base unit";
    }
    EXPECT_FALSE(metric.help.empty() || absl::EndsWith(metric.help, ".")) << name;
    EXPECT_FALSE(metric.section.empty()) << name;
  }
}

// What a label may hold is bounded, and said; none is of a person or a case.
TEST(MetricsTest, EachLabelSaysHowManyValuesItTakes) {
  std::set<std::string> used;
  for (const Metric& metric : Metrics()) {
    for (const std::string& label : metric.labels) {
      used.insert(label);
      ASSERT_NE(FindMetricLabel(label), nullptr) << metric.name << ": " << label;
    }
  }
  for (const MetricLabel& label : MetricLabels()) {
    EXPECT_TRUE(used.contains(label.name)) << label.name << ": no metric has it";
    EXPECT_GT(label.values_max, 0U) << label.name;
    EXPECT_LE(label.values_max, 500U) << label.name;
    for (const char* never : {"case", "person", "cpr", "employee", "subject", "id", "letter"}) {
      EXPECT_NE(label.name, never);
    }
  }
}

TEST(MetricsTest, UnitsAreThoseOfTheNames) {
  EXPECT_EQ(UnitOf(*FindMetric("store.disk_free_bytes")), "bytes");
  EXPECT_EQ(UnitOf(*FindMetric("directory.end_timestamp_seconds")), "seconds");
  EXPECT_EQ(UnitOf(*FindMetric("bus_up")), "");
}

}  // namespace
}  // namespace exitbus::adapters
