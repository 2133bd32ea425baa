#include "services/exchange/working_days.h"

#include <gtest/gtest.h>

namespace exitbus::exchange {
namespace {

using absl::CivilDay;

TEST(WorkingDaysTest, KnowsTheDanishHolidays) {
  struct Case {
    CivilDay day;
    bool works;
    const char* why;
  };
  const Case cases[] = {
      {CivilDay(2026, 3, 2), true, "a Monday"},
      {CivilDay(2026, 2, 28), false, "a Saturday"},
      {CivilDay(2026, 3, 1), false, "a Sunday"},
      {CivilDay(2026, 1, 1), false, "New Year"},
      {CivilDay(2026, 4, 2), false, "Maundy Thursday"},
      {CivilDay(2026, 4, 3), false, "Good Friday"},
      {CivilDay(2026, 4, 6), false, "Easter Monday"},
      {CivilDay(2023, 5, 5), false, "store bededag, the last one"},
      {CivilDay(2026, 5, 1), false, "1 May"},
      {CivilDay(2026, 5, 14), false, "Ascension Day"},
      {CivilDay(2026, 5, 25), false, "Whit Monday"},
      {CivilDay(2026, 6, 5), false, "Constitution Day"},
      {CivilDay(2026, 12, 24), false, "Christmas Eve"},
      {CivilDay(2024, 4, 26), true, "once store bededag, abolished in 2024"},
      {CivilDay(2027, 3, 29), false, "Easter Monday of another year"},
  };
  for (const Case& c : cases) EXPECT_EQ(IsWorkingDay(c.day), c.works) << c.day << ", " << c.why;
}

TEST(WorkingDaysTest, AMonthLaterIsTheSameDayOrTheLastOfAShorterOne) {
  absl::TimeZone copenhagen;
  ASSERT_TRUE(absl::LoadTimeZone("Europe/Copenhagen", &copenhagen));
  const auto at = [&](int year, int month, int day) {
    return absl::FromCivil(absl::CivilMinute(year, month, day, 2, 30), copenhagen);
  };
  EXPECT_EQ(AddMonths(at(2026, 3, 2), 3), at(2026, 6, 2));
  EXPECT_EQ(AddMonths(at(2026, 11, 30), 3), at(2027, 2, 28));
  EXPECT_EQ(AddMonths(at(2027, 11, 30), 3), at(2028, 2, 29)) << "a leap year";
  EXPECT_EQ(AddMonths(at(2028, 2, 29), 12), at(2029, 2, 28));
  EXPECT_EQ(AddMonths(at(2028, 2, 29), 24), at(2030, 2, 28));
  EXPECT_EQ(AddMonths(at(2026, 10, 31), 24), at(2028, 10, 31));
  // Half past two does not come on the day that summer time begins.
  const absl::Time skipped = AddMonths(at(2026, 12, 28), 3);
  EXPECT_EQ(absl::ToCivilDay(skipped, copenhagen), CivilDay(2027, 3, 28));
}

TEST(WorkingDaysTest, CountsFromTheNextWorkingDayAndKeepsTheHour) {
  absl::TimeZone copenhagen;
  ASSERT_TRUE(absl::LoadTimeZone("Europe/Copenhagen", &copenhagen));
  const auto at = [&](int month, int day, int hour) {
    return absl::FromCivil(absl::CivilHour(2026, month, day, hour), copenhagen);
  };
  EXPECT_EQ(AddWorkingDays(at(3, 2, 10), 1), at(3, 3, 10));
  EXPECT_EQ(AddWorkingDays(at(3, 6, 10), 1), at(3, 9, 10));   // over a weekend
  EXPECT_EQ(AddWorkingDays(at(4, 1, 10), 1), at(4, 7, 10));   // over Easter
  EXPECT_EQ(AddWorkingDays(at(3, 27, 10), 5), at(4, 8, 10));  // over the clock change too
  EXPECT_EQ(AddWorkingDays(at(3, 7, 10), 0), at(3, 9, 10));
  EXPECT_EQ(AddWorkingDays(at(3, 7, 10), 5), at(3, 13, 10)) << "from a Saturday: by Friday";
  EXPECT_EQ(AddWorkingDays(at(3, 8, 10), 1), at(3, 9, 10));
  EXPECT_EQ(WorkingDaysBefore(at(3, 16, 10), 10), at(3, 2, 10));
  EXPECT_EQ(WorkingDaysBefore(at(4, 7, 10), 1), at(4, 1, 10)) << "over Easter";
  EXPECT_EQ(WorkingDaysBefore(at(3, 8, 10), 0), at(3, 6, 10)) << "from a Sunday";
  EXPECT_EQ(StartOfDay(at(3, 7, 10)), at(3, 7, 0));
  EXPECT_EQ(StartOfDay(at(7, 1, 0)), at(7, 1, 0));  // in summer it is the day before in UTC
  EXPECT_EQ(StartOfMonth(at(3, 7, 10)), at(3, 1, 0));
  EXPECT_EQ(EndOfDay(at(3, 7, 10)), at(3, 8, 0));
  EXPECT_EQ(EndOfDay(at(3, 7, 0)), at(3, 8, 0));
  EXPECT_EQ(NextMorning(at(3, 7, 5)), at(3, 7, 6));
  EXPECT_EQ(NextMorning(at(3, 7, 6)), at(3, 8, 6));
  EXPECT_EQ(NextMorning(at(3, 28, 10)), at(3, 29, 6)) << "a day of 23 hours";
}

}  // namespace
}  // namespace exitbus::exchange
