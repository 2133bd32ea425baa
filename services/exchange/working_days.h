// Working days in Denmark: not Saturdays, Sundays or public holidays. Store bededag is none since
// 2024; 1 May, 5 June and 24 and 31 December are counted as days off, as public offices do.
#pragma once

#include "absl/time/civil_time.h"
#include "absl/time/time.h"

namespace exitbus::exchange {

bool IsWorkingDay(absl::CivilDay day);

// The same time of day, `days` working days later, in Danish time: five from a Saturday are the
// Friday after it. `days` ≥ 0; 0 from a day off is the next working day.
absl::Time AddWorkingDays(absl::Time from, int days);

// The same time of day, on the last working day that has `days` working days after it until then:
// ten before a Monday is the Monday two weeks before. `days` ≥ 0.
absl::Time WorkingDaysBefore(absl::Time until, int days);

// No working days count where somebody is in danger: it is done within the hour, round the clock.
inline constexpr absl::Duration kWithinTheHour = absl::Hours(1);

// The same day and time of day so many months later, in Danish time; of a shorter month its last
// day.
absl::Time AddMonths(absl::Time from, int months);

// In Danish time.
absl::CivilDay DayOf(absl::Time time);
absl::CivilMonth MonthOf(absl::Time time);
absl::CivilMinute MinuteOf(absl::Time time);
// Midnight before, and after, in Danish time.
absl::Time StartOfDay(absl::CivilDay day);
absl::Time StartOfDay(absl::Time time);
absl::Time EndOfDay(absl::Time time);
absl::Time StartOfMonth(absl::Time time);
// Six o'clock after it, in Danish time.
absl::Time NextMorning(absl::Time time);

}  // namespace exitbus::exchange
