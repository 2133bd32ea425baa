#pragma once

#include <string_view>

namespace exitbus::policy {

// Ten digits, DDMMYYSSSS, of a day that there is; also of a replacement number
// (erstatningspersonnummer), whose day has 60 added. Modulus 11 is no longer guaranteed and so is
// not asked.
bool IsCprNumber(std::string_view cpr);

}  // namespace exitbus::policy
