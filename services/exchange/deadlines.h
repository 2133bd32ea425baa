// What falls due, by its rows. They follow from the states: written with them, and at a start
// written anew from them, so that none is ever lost.
#pragma once

#include <string_view>

#include "services/exchange/keys.h"

namespace exitbus::exchange {

class UnitOfWork;
class Transaction;
struct Aggregate;
struct Deadline;
struct Loaded;
struct Service;

// In whole milliseconds, rounded up: what is looked at by it is due.
TimerKey TimerOf(const Aggregate& aggregate, std::string_view id, const Deadline& deadline);

// Decides what is due by now, a bounded number of them, each as an attempt of its own. One that
// cannot be read is out of the others' way until later, and so is our next checkpoint unless
// `may_make_checkpoint`.
void DecideDue(UnitOfWork& work, const Service& service, bool may_make_checkpoint);

// Lets everything fall due that the state says falls due, whatever became of its timers.
void AwaitAll(Transaction& transaction, const Aggregate& aggregate, const Loaded& loaded);

// The rows that follow from the states, where there are none: by what each is found, what falls
// due.
void WriteWhatFollows(UnitOfWork& work, const Service& service);

}  // namespace exitbus::exchange
