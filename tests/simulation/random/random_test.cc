// Fixed seeds, and each mutant on the seed that kills it. Others: tools/simulate.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <sstream>

#include "absl/strings/numbers.h"
#include "absl/strings/str_join.h"
#include "tests/simulation/random/mutants.h"
#include "tests/simulation/random/run.h"

namespace exitbus::simulation {
namespace {

constexpr int kSeeds = 20;
constexpr int kMinutes = 10;

// What the environment says, or what is said here.
int Given(const char* name, int otherwise) {
  const char* const given = std::getenv(name);
  int number = 0;
  return given != nullptr && absl::SimpleAtoi(given, &number) ? number : otherwise;
}

std::string Told(const RunReport& report) {
  return absl::StrJoin(report.violations, "\n", [](std::string* out, const Violation& one) {
    absl::StrAppend(out, one.invariant, ": ", one.text);
  });
}

struct Killed {
  std::string mutant, invariant;
  RunOptions options;
};

// Each line: a mutant, the seed that kills it, the minutes of work, the invariant that it breaks.
std::vector<Killed> Table() {
  std::ifstream file("tests/simulation/random/mutants.table");
  std::vector<Killed> table;
  std::string line;
  while (std::getline(file, line)) {
    if (line.empty() || line.starts_with('#')) continue;
    std::istringstream in(line);
    Killed one;
    in >> one.mutant >> one.options.seed >> one.options.minutes >> one.invariant;
    one.options.mutant = one.mutant;
    table.push_back(one);
  }
  return table;
}

TEST(RandomTest, WhatIsShippedIsSound) {
  const int count = Given("EXITBUS_SEEDS", kSeeds);
  std::set<std::string> struck;
  for (int seed = 1; seed <= count; ++seed) {
    RunOptions options;
    options.seed = static_cast<std::uint64_t>(seed);
    options.minutes = kMinutes;
    const RunReport report = RunAtRandom(options);
    ASSERT_FALSE(report.failed()) << "seed " << seed << "\n" << Told(report);
    EXPECT_GT(report.steps, 50);
    for (const auto& [fault, times] : report.faults) struck.insert(fault);
  }
  EXPECT_GT(struck.size(), 20U);
}

TEST(RandomTest, EachMutantIsFoundByItsSeed) {
  std::vector<std::string> found;
  for (const Killed& one : Table()) {
    const RunReport report = RunAtRandom(one.options);
    ASSERT_TRUE(report.failed()) << one.mutant << " survives seed " << one.options.seed;
    EXPECT_EQ(report.violations.front().invariant, one.invariant) << one.mutant;
    // And nothing but the mutant is to blame.
    RunOptions shipped = one.options;
    shipped.mutant.clear();
    EXPECT_FALSE(RunAtRandom(shipped).failed()) << one.mutant;
    found.push_back(one.mutant);
  }
  EXPECT_THAT(found, testing::UnorderedElementsAreArray(MutantNames()));
}

TEST(RandomTest, TheSameSeedGivesTheSameTrace) {
  RunOptions options;
  options.seed = 3;
  options.minutes = 3;
  const RunReport once = RunAtRandom(options);
  const RunReport again = RunAtRandom(options);
  EXPECT_EQ(once.trace, again.trace);
  EXPECT_EQ(once.hash, again.hash);
  options.seed = 4;
  EXPECT_NE(RunAtRandom(options).hash, once.hash);
}

}  // namespace
}  // namespace exitbus::simulation
