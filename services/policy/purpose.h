// Why somebody looks at exit data: in words, and never for the investigation of criminal cases
// (retsplejeloven § 115(2)).
#pragma once

#include <cstddef>
#include <string_view>

namespace exitbus::policy {

// Whether a purpose, in a caller's own words (UTF-8), is investigation or prosecution: in Danish or
// English, whatever the case, spacing and hyphens, alone or among other words. NEC's own name,
// which has the word in it, does not count. Meant for honest clients: who lies about the purpose is
// not found by words.
bool IsInvestigation(std::string_view purpose);

// A purpose stays in the account after an erasure, so there is room for a reason (80 bytes) and
// none for a number that stands for somebody.
inline constexpr std::size_t kPurposeBytesMax = 80;
bool IsInWords(std::string_view purpose);

}  // namespace exitbus::policy
