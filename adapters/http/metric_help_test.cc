// The code is searched for the names of metrics, so that none goes without an explanation and none
// is explained that is gone.
#include "adapters/http/metric_help.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <regex>
#include <set>
#include <string>

namespace exitbus::adapters {
namespace {

std::set<std::string> MetricsInTheCode() {
  const std::regex told(R"re(\b(?:Count|Set)\(\s*"([a-z0-9_.]+)")re");
  std::set<std::string> names;
  for (const char* folder : {"services", "adapters"}) {
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
      const std::string path = entry.path().string();
      if (entry.path().extension() != ".cc" || path.ends_with("_test.cc")) continue;
      std::ifstream file(entry.path());
      const std::string code((std::istreambuf_iterator<char>(file)), {});
      for (std::sregex_iterator found(code.begin(), code.end(), told), end; found != end; ++found) {
        names.insert((*found)[1]);
      }
    }
  }
  return names;
}

TEST(MetricHelpTest, EveryMetricSaysWhatItMeans) {
  const std::set<std::string> metrics = MetricsInTheCode();
  EXPECT_GT(metrics.size(), 30U) << "run it from the folder of the sources";
  for (const std::string& metric : metrics) {
    EXPECT_FALSE(HelpOf(metric).empty()) << metric << ": give it a line in metric_help.cc";
  }
}

TEST(MetricHelpTest, NothingIsExplainedThatIsGone) {
  std::set<std::string> metrics = MetricsInTheCode();
  metrics.insert("hops");
  for (const std::string_view metric : MetricsWithHelp()) {
    EXPECT_TRUE(metrics.contains(std::string(metric))) << metric;
  }
}

}  // namespace
}  // namespace exitbus::adapters
