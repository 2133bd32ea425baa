#include "services/weekly_report/weeks.h"

#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"

namespace exitbus::weekly_report {
namespace {

absl::TimeZone Copenhagen() {
  absl::TimeZone zone;
  EXPECT_TRUE(absl::LoadTimeZone("Europe/Copenhagen", &zone));
  return zone;
}

absl::Time At(int year, int month, int day, int hour = 0, int minute = 0) {
  return absl::FromCivil(absl::CivilMinute(year, month, day, hour, minute), Copenhagen());
}

cv1::Week Of(std::uint32_t year, std::uint32_t number) {
  cv1::Week week;
  week.set_year(year);
  week.set_number(number);
  return week;
}

std::string Said(const cv1::Week& week) { return absl::StrCat(week.year(), "-", week.number()); }

TEST(WeeksTest, AreThoseOfTheDanishCalendar) {
  EXPECT_EQ(Said(WeekOf(At(2026, 3, 2))), "2026-10");
  EXPECT_EQ(Said(WeekOf(At(2026, 3, 1, 23, 59))), "2026-9") << "a Sunday's last minute";
  EXPECT_EQ(Said(WeekOf(At(2026, 12, 31))), "2026-53");
  EXPECT_EQ(Said(WeekOf(At(2027, 1, 3, 23, 59))), "2026-53") << "a year's last week goes on";
  EXPECT_EQ(Said(WeekOf(At(2027, 1, 4))), "2027-1");
  EXPECT_EQ(Said(WeekOf(At(2024, 12, 30))), "2025-1") << "a year's first week begins before it";
  // Half past eleven in the evening, by the world's clock, is the next day in Denmark.
  EXPECT_EQ(
      Said(WeekOf(absl::FromCivil(absl::CivilMinute(2026, 3, 1, 23, 30), absl::UTCTimeZone()))),
      "2026-10");
}

TEST(WeeksTest, OnlySomeYearsHaveAWeek53) {
  EXPECT_TRUE(Exists(Of(2026, 53)));
  EXPECT_FALSE(Exists(Of(2025, 53)));
  EXPECT_FALSE(Exists(Of(2027, 53)));
  EXPECT_TRUE(Exists(Of(2025, 52)));
  EXPECT_FALSE(Exists(Of(2026, 0)));
  EXPECT_FALSE(Exists(Of(2026, 54)));
  EXPECT_FALSE(Exists({}));
  EXPECT_EQ(Said(Following(Of(2026, 53))), "2027-1");
  EXPECT_EQ(Said(Following(Of(2025, 52))), "2026-1");
  EXPECT_TRUE(IsBefore(Of(2026, 53), Of(2027, 1)));
  EXPECT_FALSE(IsBefore(Of(2027, 1), Of(2027, 1)));
}

// Of each day of ten years: it lies in its week, and each week follows the one before.
TEST(WeeksTest, EachDayLiesInItsWeek) {
  int looked_at = 0;
  for (absl::CivilDay day(2020, 1, 1); day < absl::CivilDay(2030, 1, 1); ++day, ++looked_at) {
    const absl::Time time = absl::FromCivil(absl::CivilHour(day) + 12, Copenhagen());
    const cv1::Week week = WeekOf(time);
    ASSERT_TRUE(Exists(week)) << day;
    ASSERT_LE(BeginOf(week), time) << day;
    ASSERT_GT(EndOf(week), time) << day;
    ASSERT_EQ(Said(WeekOf(EndOf(week))), Said(Following(week))) << day;
  }
  EXPECT_EQ(looked_at, 3653);
}

TEST(WeeksTest, TheOneInWhichTheClocksChangeIsAnHourShorterOrLonger) {
  EXPECT_EQ(EndOf(WeekOf(At(2026, 3, 25))) - BeginOf(WeekOf(At(2026, 3, 25))), absl::Hours(167));
  EXPECT_EQ(EndOf(WeekOf(At(2026, 10, 21))) - BeginOf(WeekOf(At(2026, 10, 21))), absl::Hours(169));
  EXPECT_EQ(ToBeGivenBy(WeekOf(At(2026, 3, 25))), At(2026, 3, 30, 12));
  EXPECT_EQ(ToBeGivenBy(WeekOf(At(2026, 10, 21))), At(2026, 10, 26, 12));
}

TEST(WeeksTest, AReportIsGivenAndReadOnTheFirstWorkingDayAfterIt) {
  EXPECT_EQ(ToBeGivenBy(Of(2026, 10)), At(2026, 3, 9, 12));
  EXPECT_EQ(ToBeThereBy(Of(2026, 10)), At(2026, 3, 10));
  EXPECT_EQ(ToBeGivenBy(Of(2026, 14)), At(2026, 4, 7, 12)) << "after Easter Monday";
  EXPECT_EQ(ToBeThereBy(Of(2026, 14)), At(2026, 4, 8));
}

}  // namespace
}  // namespace exitbus::weekly_report
