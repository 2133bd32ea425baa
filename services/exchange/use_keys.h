// One key for each use of the authority's index key, which is itself used for nothing but to derive
// them: what is made for one use says nothing, and passes for nothing, in another.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "services/exchange/ports/secret.h"

namespace exitbus::exchange {

struct Environment;

enum class KeyUse {
  kPersons,   // the hash that stands for a CPR number in an index
  kAccounts,  // the name under which an account is found
  kPageTokens,
  kWatchTokens,
  kRequests,  // what is kept of a request for its repeats
  kHops,      // by what operators follow a letter
  kNames,     // the hashes that stand for a name's words in an index
};

SecretBytes KeyFor(const Environment& environment, KeyUse use);

// What a caller keeps for us and hands back: it shows nothing, and holds where `header` is the
// same. Fresh: two tokens of one content do not link.
std::string SealToken(const Environment& environment, KeyUse use, std::string_view header,
                      std::string_view content);
// nullopt: not made so, or altered.
std::optional<std::string> OpenToken(const Environment& environment, KeyUse use,
                                     std::string_view header, std::string_view token);

}  // namespace exitbus::exchange
