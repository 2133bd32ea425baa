// One key for each use of the authority's index key, which is itself used for nothing but to derive
// them: what is made for one use says nothing, and passes for nothing, in another.
#pragma once

#include <string_view>

#include "services/exchange/ports/secret.h"

namespace exitbus::exchange {

struct Context;

enum class KeyUse {
  kPersons,   // the hash that stands for a CPR number in an index
  kAccounts,  // the name under which an account is found
  kPageTokens,
  kWatchTokens,
  kRequests,  // what is kept of a request for its repeats
};

SecretBytes KeyFor(const Context& context, KeyUse use);

}  // namespace exitbus::exchange
