#include "services/policy/cpr_number.h"

#include <algorithm>

#include "absl/strings/ascii.h"

namespace exitbus::policy {
namespace {

// The seventh digit says which century (CPR-kontoret, "Personnummeret i CPR").
int YearOf(int two_digits, char seventh) {
  if (seventh <= '3') return 1900 + two_digits;
  if (seventh == '4' || seventh == '9') return (two_digits <= 36 ? 2000 : 1900) + two_digits;
  return (two_digits <= 57 ? 2000 : 1800) + two_digits;
}

}  // namespace

std::optional<absl::CivilDay> BirthDayOf(std::string_view cpr) {
  if (cpr.size() != 10 || !std::all_of(cpr.begin(), cpr.end(), absl::ascii_isdigit)) {
    return std::nullopt;
  }
  const auto two = [&](std::size_t at) { return (cpr[at] - '0') * 10 + cpr[at + 1] - '0'; };
  const int day = two(0) > 60 ? two(0) - 60 : two(0);
  const int month = two(2);
  const absl::CivilDay date(YearOf(two(4), cpr[6]), month, day);
  if (date.month() != month || date.day() != day) return std::nullopt;  // there is no such day
  return date;
}

bool IsCprNumber(std::string_view cpr) { return BirthDayOf(cpr).has_value(); }

}  // namespace exitbus::policy
