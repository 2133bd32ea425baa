#include "services/relocation/profile.h"

#include <algorithm>
#include <cstdint>

#include "exitbus/relocation/v1/relocation.pb.h"
#include "services/exchange/working_days.h"
#include "services/relocation/request.h"

namespace exitbus::relocation {
namespace {

bool IsMonth(std::uint32_t year_and_month) {
  const std::uint32_t year = year_and_month / 100;
  const std::uint32_t month = year_and_month % 100;
  return year >= 2020 && year < 2200 && month >= 1 && month <= 12;
}

// NONE stands alone.
template <class Efforts>
bool AreAnAnswer(const Efforts& efforts) {
  const bool none = std::find(efforts.begin(), efforts.end(), v1::EFFORT_NONE) != efforts.end();
  return SaysSomething(efforts) && (!none || efforts.size() == 1);
}

}  // namespace

std::optional<exchange::Refusal> MonthFault(const v1::Profile& profile, absl::Time now) {
  const absl::CivilMonth this_month = exchange::MonthOf(now);
  const absl::CivilMonth from(profile.from_month() / 100, profile.from_month() % 100);
  if (from >= this_month && from <= this_month + 24) return std::nullopt;
  return exchange::BadInput("relocation.month_out_of_range",
                            "Say a month from this one on, within two years, as 202703.");
}

std::optional<exchange::Refusal> FaultIn(const v1::Profile& profile) {
  if (profile.household() != v1::HOUSEHOLD_UNSPECIFIED && AreAnAnswer(profile.efforts()) &&
      IsMonth(profile.from_month())) {
    return std::nullopt;
  }
  return exchange::BadInput("relocation.profile_incomplete",
                            "Say who moves along, what is asked for beside a dwelling (NONE alone, "
                            "if nothing is), and from which month, as 202703.");
}

}  // namespace exitbus::relocation
