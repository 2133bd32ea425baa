// What falls due, by its rows. They follow from the states: written with them, and at a start
// written anew from them, so that none is ever lost.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "services/exchange/keys.h"

namespace exitbus::exchange {

class Pass;
class Transaction;
struct Aggregate;
struct Deadline;
struct Loaded;
struct Service;

// In whole milliseconds, rounded up: what is looked at by it is due.
TimerKey TimerOf(const Aggregate& aggregate, std::string_view id, const Deadline& deadline);

// Those that are due by now, the first `limit` of them. Rows that are none are reported, and hold
// up no other.
std::vector<TimerKey> DueTimers(Transaction& transaction, std::uint64_t now_ms, std::size_t limit);

// Lets everything fall due that the state says falls due, whatever became of its timers.
void AwaitAll(Transaction& transaction, const Aggregate& aggregate, const Loaded& loaded);

// The same for all there is.
void AwaitAllDeadlines(Pass& pass, const Service& service);

}  // namespace exitbus::exchange
