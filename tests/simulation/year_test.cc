// A year of Denmark: 400 people at 98 municipalities, 12 police units and 20 of Kriminalforsorgen.
// At its end nothing waits that could be done, one authority answers for each, and NEC and the
// follow-ups count what has really become of them.
//
// EXITBUS_CASES says how many, EXITBUS_SEED which. One seed is one year: `done` is its digest.
#include "tests/simulation/year.h"

#include <gtest/gtest.h>

#include <cstdio>
#include <cstdlib>
#include <map>

#include "absl/strings/numbers.h"
#include "absl/time/clock.h"

namespace exitbus::simulation {
namespace {

constexpr int kCases = 400;
constexpr int kWeeks = 52;
// In a year of that many each of these happens.
constexpr const char* kHappens[] = {"ConfirmVisitation",
                                    "DeliverAssessment",
                                    "AcknowledgePrecautions",
                                    "SignAgreement",
                                    "DeliverWeeklyReport",
                                    "RecordIncident",
                                    "AcknowledgeWeeklyReport",
                                    "PauseProgramme",
                                    "ResumeProgramme",
                                    "PlanRelease",
                                    "TakeOverCase",
                                    "CloseHandover",
                                    "CompleteMeasure",
                                    "RecordWithdrawal",
                                    "RecordFollowUp"};

int Given(const char* name, int otherwise) {
  const char* const given = std::getenv(name);
  int number = 0;
  return given != nullptr && absl::SimpleAtoi(given, &number) ? number : otherwise;
}

TEST(YearTest, NothingIsForgottenAndTheFiguresAreTrue) {
  const int cases = Given("EXITBUS_CASES", kCases);
  const absl::Time begun = absl::Now();
  Year year(static_cast<std::uint64_t>(Given("EXITBUS_SEED", 1)));
  for (int week = 0; week < kWeeks; ++week) {
    while (static_cast<int>(year.lives().size()) < cases * (week + 1) / kWeeks) year.Begin();
    year.PassAWeek();
    if (HasFatalFailure()) return;
    if (week % 13 == 0) {
      std::printf("[ year ] week %d after %.1f s\n", week,
                  absl::ToDoubleSeconds(absl::Now() - begun));
    }
  }
  std::map<std::string, int> ended;
  for (const Life& life : year.lives()) ++ended[casework::v1::EndCode_Name(life.end)];
  for (const auto& [end, many] : ended) std::printf("[ year ] %-28s %d\n", end.c_str(), many);
  for (const auto& [act, many] : year.acts()) std::printf("[ year ] %-28s %d\n", act.c_str(), many);
  std::printf("[ year ] done %s\n", year.Digest().c_str());
  if (cases >= kCases) {
    EXPECT_EQ(ended.size(), 7U) << "each way to end, and who goes on";
    for (const char* act : kHappens) EXPECT_TRUE(year.acts().contains(act)) << act;
  }
  year.ExpectSound();
  std::printf("[ year ] sound after %.1f s\n", absl::ToDoubleSeconds(absl::Now() - begun));
}

}  // namespace
}  // namespace exitbus::simulation
