#include "services/weekly_report/weeks.h"

#include <tuple>

#include "absl/time/civil_time.h"
#include "services/exchange/working_days.h"

namespace exitbus::weekly_report {
namespace {

constexpr int kDays = 7;

absl::CivilDay MondayOf(const cv1::Week& week) {
  const absl::CivilDay in_first_week(static_cast<absl::civil_year_t>(week.year()), 1, 4);
  return absl::PrevWeekday(in_first_week + 1, absl::Weekday::monday) +
         kDays * (static_cast<int>(week.number()) - 1);
}

cv1::Week WeekOfDay(absl::CivilDay day) {
  const absl::CivilDay thursday =
      absl::NextWeekday(absl::PrevWeekday(day + 1, absl::Weekday::monday), absl::Weekday::thursday);
  cv1::Week week;
  week.set_year(static_cast<std::uint32_t>(thursday.year()));
  week.set_number(static_cast<std::uint32_t>((absl::GetYearDay(thursday) - 1) / kDays + 1));
  return week;
}

}  // namespace

cv1::Week WeekOf(absl::Time time) { return WeekOfDay(exchange::DayOf(time)); }

bool Exists(const cv1::Week& week) {
  return week.year() > 0 && week.number() > 0 && IsSame(WeekOfDay(MondayOf(week)), week);
}

cv1::Week Following(const cv1::Week& week) { return WeekOfDay(MondayOf(week) + kDays); }

bool IsBefore(const cv1::Week& one, const cv1::Week& other) {
  return std::tuple(one.year(), one.number()) < std::tuple(other.year(), other.number());
}

bool IsSame(const cv1::Week& one, const cv1::Week& other) {
  return one.year() == other.year() && one.number() == other.number();
}

absl::Time BeginOf(const cv1::Week& week) { return exchange::StartOfDay(MondayOf(week)); }

absl::Time EndOf(const cv1::Week& week) { return BeginOf(Following(week)); }

absl::Time ToBeGivenBy(const cv1::Week& week) {
  return exchange::AddWorkingDays(EndOf(week) + absl::Hours(12), 0);
}

absl::Time ToBeThereBy(const cv1::Week& week) { return exchange::EndOfDay(ToBeGivenBy(week)); }

}  // namespace exitbus::weekly_report
