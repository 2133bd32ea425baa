#include "adapters/system/version.h"

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <regex>
#include <string>

namespace exitbus::adapters {
namespace {

TEST(VersionTest, IsTheProjects) {
  std::ifstream file("CMakeLists.txt");
  const std::string text((std::istreambuf_iterator<char>(file)), {});
  std::smatch found;
  ASSERT_TRUE(std::regex_search(text, found, std::regex(R"(project\(exitbus VERSION ([0-9.]+) )")))
      << "run it from the folder of the sources";
  EXPECT_EQ(std::string(Version()), found[1]);
}

TEST(VersionTest, IsToldToWhoAsksForNothingElse) {
  const auto told = [](std::vector<std::string> words) {
    std::vector<char*> arguments;
    for (std::string& word : words) arguments.push_back(word.data());
    return PrintedVersion(static_cast<int>(arguments.size()), arguments.data(), "program");
  };
  testing::internal::CaptureStdout();
  EXPECT_TRUE(told({"program", "--version"}));
  EXPECT_EQ(testing::internal::GetCapturedStdout(), "program " + std::string(Version()) + "\n");
  EXPECT_FALSE(told({"program"}));
  EXPECT_FALSE(told({"program", "--config"}));
  EXPECT_FALSE(told({"program", "--version", "--config"}));
}

}  // namespace
}  // namespace exitbus::adapters
