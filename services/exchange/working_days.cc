#include "services/exchange/working_days.h"

#include <algorithm>

#include "services/exchange/ports/fault.h"

namespace exitbus::exchange {
namespace {

// Gregorian Easter Sunday (Meeus, Jones and Butcher).
absl::CivilDay EasterSunday(absl::civil_year_t year) {
  const auto golden = year % 19;
  const auto century = year / 100;
  const auto rest = year % 100;
  const auto skipped = (century + 8) / 25;
  const auto moon = (19 * golden + century - century / 4 - (century - skipped + 1) / 3 + 15) % 30;
  const auto weekday = (32 + 2 * (century % 4) + 2 * (rest / 4) - moon - rest % 4) % 7;
  const auto correction = (golden + 11 * moon + 22 * weekday) / 451;
  const auto sum = moon + weekday - 7 * correction + 114;
  return absl::CivilDay(year, sum / 31, sum % 31 + 1);
}

bool IsMovableHoliday(absl::CivilDay day) {
  const auto after_easter = day - EasterSunday(day.year());
  return after_easter == -3 ||                         // Maundy Thursday
         after_easter == -2 ||                         // Good Friday
         after_easter == 1 ||                          // Easter Monday
         (after_easter == 26 && day.year() < 2024) ||  // store bededag
         after_easter == 39 ||                         // Ascension Day
         after_easter == 50;                           // Whit Monday
}

bool IsFixedDayOff(absl::CivilDay day) {
  const int month = day.month();
  const int date = day.day();
  return (month == 1 && date == 1) || (month == 5 && date == 1) || (month == 6 && date == 5) ||
         (month == 12 && (date == 24 || date == 25 || date == 26 || date == 31));
}

absl::TimeZone Copenhagen() {
  absl::TimeZone zone;
  if (!absl::LoadTimeZone("Europe/Copenhagen", &zone)) {
    ProgramFault("the time zone went away after the start, which looked for it");
  }
  return zone;
}

// In Danish time.
absl::Time AtTheHourOf(absl::Time time, absl::CivilDay day) {
  static const absl::TimeZone zone = Copenhagen();
  const absl::CivilSecond hour = absl::ToCivilSecond(time, zone);
  return absl::FromCivil(absl::CivilSecond(day.year(), day.month(), day.day(), hour.hour(),
                                           hour.minute(), hour.second()),
                         zone);
}

}  // namespace

bool IsWorkingDay(absl::CivilDay day) {
  const absl::Weekday weekday = absl::GetWeekday(day);
  return weekday != absl::Weekday::saturday && weekday != absl::Weekday::sunday &&
         !IsMovableHoliday(day) && !IsFixedDayOff(day);
}

absl::Time AddWorkingDays(absl::Time from, int days) {
  absl::CivilDay day = DayOf(from);
  for (; days > 0; --days) {
    do ++day;
    while (!IsWorkingDay(day));
  }
  while (!IsWorkingDay(day)) ++day;
  return AtTheHourOf(from, day);
}

absl::Time WorkingDaysBefore(absl::Time until, int days) {
  absl::CivilDay day = DayOf(until);
  for (; days > 0; --days) {
    do --day;
    while (!IsWorkingDay(day));
  }
  while (!IsWorkingDay(day)) --day;
  return AtTheHourOf(until, day);
}

absl::Time AddMonths(absl::Time from, int months) {
  const absl::TimeZone zone = Copenhagen();
  const absl::CivilSecond start = absl::ToCivilSecond(from, zone);
  const absl::CivilMonth month = absl::CivilMonth(start) + months;
  const absl::CivilDay last = absl::CivilDay(month + 1) - 1;
  const absl::CivilDay day = std::min(absl::CivilDay(month) + (start.day() - 1), last);
  return absl::FromCivil(absl::CivilSecond(day.year(), day.month(), day.day(), start.hour(),
                                           start.minute(), start.second()),
                         zone);
}

absl::CivilMonth MonthOf(absl::Time time) { return absl::ToCivilMonth(time, Copenhagen()); }

absl::CivilMinute MinuteOf(absl::Time time) { return absl::ToCivilMinute(time, Copenhagen()); }

absl::CivilDay DayOf(absl::Time time) { return absl::ToCivilDay(time, Copenhagen()); }

absl::Time StartOfDay(absl::CivilDay day) { return absl::FromCivil(day, Copenhagen()); }

absl::Time StartOfDay(absl::Time time) { return StartOfDay(DayOf(time)); }

absl::Time StartOfMonth(absl::Time time) { return absl::FromCivil(MonthOf(time), Copenhagen()); }

absl::Time EndOfDay(absl::Time time) { return StartOfDay(DayOf(time) + 1); }

absl::Time NextMorning(absl::Time time) {
  const absl::TimeZone zone = Copenhagen();
  const absl::CivilHour six = absl::CivilHour(absl::ToCivilDay(time, zone)) + 6;
  const absl::Time morning = absl::FromCivil(six, zone);
  return morning > time ? morning : absl::FromCivil(six + 24, zone);
}

}  // namespace exitbus::exchange
