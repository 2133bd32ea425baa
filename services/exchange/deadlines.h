// What falls due, by its rows. They follow from the states: written with them, and at a start
// written anew from them, so that none is ever lost.
#pragma once

#include <string>
#include <string_view>

namespace exitbus::exchange {

class Pass;
class Transaction;
struct Aggregate;
struct Deadline;
struct Loaded;
struct Service;

// The key of a timer's row. In whole milliseconds, rounded up: what is looked at by it is due.
std::string TimerKey(const Aggregate& aggregate, std::string_view id, const Deadline& deadline);

// Lets everything fall due that the state says falls due, whatever became of its timers.
void AwaitAll(Transaction& transaction, const Aggregate& aggregate, const Loaded& loaded);

// The same for all there is.
void AwaitAllDeadlines(Pass& pass, const Service& service);

}  // namespace exitbus::exchange
