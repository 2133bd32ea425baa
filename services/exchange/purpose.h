// The one purpose nobody may have: exit data is never for the investigation of criminal cases
// (retsplejeloven § 115(2)).
#pragma once

#include <string_view>

namespace exitbus::exchange {

// Whether a purpose, in a caller's own words (UTF-8), is investigation or prosecution: in Danish or
// English, whatever the case, spacing and hyphens, alone or among other words. NEC's own name,
// which has the word in it, does not count. Meant for honest clients: who lies about the purpose is
// not found by words.
bool IsInvestigation(std::string_view purpose);

}  // namespace exitbus::exchange
