#pragma once

#include <optional>
#include <string_view>

#include "absl/time/civil_time.h"

namespace exitbus::policy {

// Ten digits, DDMMYYSSSS, of a day that there is; also of a replacement number
// (erstatningspersonnummer), whose day has 60 added. Modulus 11 is no longer guaranteed and so is
// not asked.
bool IsCprNumber(std::string_view cpr);

// The day of birth that such a number says; nullopt: it is none.
std::optional<absl::CivilDay> BirthDayOf(std::string_view cpr);

}  // namespace exitbus::policy
