// By what operators follow one letter without learning what it is about: a hop id of their own
// authority's, and a code that the operators of both ends exchange when they ask each other.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "services/exchange/keys.h"

namespace exitbus::exchange {

class Transaction;
struct Environment;

// A letter at this end of it: one that we sent, or one that came.
struct TracedLetter {
  LetterKey letter;
  bool sent = false;
};

// The same in every hop of the letter here, 32 hexadecimal digits. It is made with a key that only
// this authority has: who reads both ends' logs cannot join them.
std::string HopId(const Environment& environment, const TracedLetter& traced);
std::string HopId(const Environment& environment, const OutboxKey& sent);

// The same at both ends, 20 hexadecimal digits. It stands in no log: operators ask for it.
std::string TraceCode(const Environment& environment, const TracedLetter& traced);

// The letter that has this hop id, or this trace code; nullopt: none has. Looks at each number
// there is, so it is for an operator's question and not for a letter's way.
std::optional<TracedLetter> FindTraced(const Environment& environment, Transaction& transaction,
                                       std::string_view hop_id_or_code);

}  // namespace exitbus::exchange
