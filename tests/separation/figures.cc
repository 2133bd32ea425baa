#include "tests/separation/figures.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "adapters/directory/files.h"
#include "tests/e2e/environment.h"

namespace exitbus::story {

double FigureOf(const Member& member, const std::string& name, const std::string& part) {
  const std::string log = TheDeployment().places().state + "/figures.log";
  const absl::Status asked =
      RunTool({"curl", "-sS", "--max-time", "5",
               absl::StrCat("http://127.0.0.1:", TheDeployment().metrics_port(member), "/metrics")},
              log);
  EXPECT_TRUE(asked.ok()) << asked;
  double sum = 0;
  const std::string text = adapters::ReadFile(log).value_or("");
  for (const std::string& line : std::vector<std::string>(absl::StrSplit(text, '\n'))) {
    const bool named = absl::StartsWith(line, name + "{") || absl::StartsWith(line, name + " ");
    if (!named || !absl::StrContains(line, part)) continue;
    sum += std::strtod(line.substr(line.rfind(' ')).c_str(), nullptr);
  }
  return sum;
}

}  // namespace exitbus::story
