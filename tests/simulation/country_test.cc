// The whole country: people of 98 municipalities have to move, and each one's relocation ends in a
// state that says why.
//
// EXITBUS_RELOCATIONS says how many, EXITBUS_SEED which.
#include "tests/simulation/country.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <map>

#include "absl/strings/numbers.h"

namespace exitbus::simulation {
namespace {

constexpr int kRelocations = 5;
constexpr int kSpread = 100;  // so many are spread over the year
constexpr int kHoursAYear = 24 * 365;
constexpr int kHoursATurn = 12;
constexpr int kTurnsAfter = 400;  // who has begun goes on

int Given(const char* name, int otherwise) {
  const char* const given = std::getenv(name);
  int number = 0;
  return given != nullptr && absl::SimpleAtoi(given, &number) ? number : otherwise;
}

TEST(CountryTest, EachRelocationOfAYearEndsInAStateThatSaysWhy) {
  const int count = Given("EXITBUS_RELOCATIONS", kRelocations);
  Country country(static_cast<std::uint64_t>(Given("EXITBUS_SEED", 1)));
  std::vector<Mover> movers;
  const int turns = kHoursAYear / kHoursATurn;
  const auto goes_on = [](const Mover& mover) { return mover.ended.empty(); };
  int turn = 0;
  for (; turn < turns + kTurnsAfter; ++turn) {
    // Many are spread over the year; of a few one begins each turn.
    const int begun = std::min(count, count < kSpread ? turn + 1 : turn * count / turns + 1);
    while (static_cast<int>(movers.size()) < begun) movers.push_back(country.Begins());
    for (Mover& mover : movers) {
      if (goes_on(mover)) country.Step(mover);
    }
    country.PassHours(kHoursATurn);
    const bool all_begun = static_cast<int>(movers.size()) == count;
    if (all_begun && std::none_of(movers.begin(), movers.end(), goes_on)) break;
  }
  ASSERT_TRUE(country.world.Settle());
  std::map<std::string, int> ended;
  for (const Mover& mover : movers) ++ended[mover.ended];
  for (const auto& [stage, many] : ended) {
    std::printf("[ country ] %-14s %d\n", stage.empty() ? "goes on" : stage.c_str(), many);
  }
  EXPECT_EQ(static_cast<int>(movers.size()), count);
  EXPECT_FALSE(ended.contains("")) << "each ends";
  EXPECT_TRUE(ended.contains("COMPLETED"));
  country.ExpectSound(movers);
}

}  // namespace
}  // namespace exitbus::simulation
