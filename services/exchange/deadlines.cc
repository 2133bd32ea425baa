#include "services/exchange/deadlines.h"

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "services/exchange/aggregate.h"
#include "services/exchange/attempt.h"
#include "services/exchange/checkpoints.h"
#include "services/exchange/environment.h"
#include "services/exchange/ports/time.h"
#include "services/exchange/transaction.h"
#include "services/exchange/unit_of_work.h"

namespace exitbus::exchange {
namespace {

constexpr std::size_t kAtOnce = 100;
constexpr absl::Duration kUnreadableAgainAfter = absl::Hours(1);

std::uint64_t MillisOf(absl::Time time) {
  return static_cast<std::uint64_t>(absl::ToUnixMillis(time));
}

// The first ones. Rows that are none are reported, and hold up no other.
std::vector<TimerKey> DueBy(Transaction& transaction, absl::Time now) {
  std::vector<TimerKey> due;
  std::string after;
  std::size_t page = 1;  // most seconds nothing is due
  while (due.size() < kAtOnce) {
    const auto rows = transaction.Scan(Table::kTimers, "", after, page);
    for (const Row& row : rows) {
      after = row.key;
      auto timer = TimerKey::Decode(row.key);
      if (!timer) {
        const Attempt look(transaction);
        transaction.Unreadable(Table::kTimers, row.key);
        continue;
      }
      if (timer->due_ms > MillisOf(now) || due.size() == kAtOnce) return due;
      due.push_back(*std::move(timer));
    }
    if (rows.size() < page) break;
    page = kAtOnce;
  }
  return due;
}

void Decide(UnitOfWork& work, const Service& service, const TimerKey& timer) {
  const Aggregate* aggregate = service.Find(timer.aggregate);
  if (aggregate == nullptr || !aggregate->decide_deadline) {
    return work.transaction().Unreadable(Table::kTimers, timer.Encode());
  }
  Loaded loaded = work.event_store().Load(*aggregate, timer.id);
  if (!work.transaction().status().ok()) return;
  const DecisionContext context = work.DecisionContextFor();
  const Decision decision = aggregate->decide_deadline(*loaded.state, timer.name, context);
  if (!work.transaction().status().ok()) return;  // it asked for another state
  if (decision.accepted()) work.Execute(*aggregate, loaded, decision);
  if (!decision.events().empty()) return;
  // Looked at too early, by whatever clock: it falls due all the same.
  for (const Deadline& deadline : aggregate->deadlines(*loaded.state)) {
    if (deadline.name == timer.name && deadline.due > context.now) {
      AwaitAll(work.transaction(), *aggregate, loaded);
    }
  }
}

}  // namespace
TimerKey TimerOf(const Aggregate& aggregate, std::string_view id, const Deadline& deadline) {
  const absl::Duration due = absl::Ceil(deadline.due - absl::UnixEpoch(), absl::Milliseconds(1));
  return {static_cast<std::uint64_t>(absl::ToInt64Milliseconds(due)), aggregate.name,
          std::string(id), deadline.name};
}

void DecideDue(UnitOfWork& work, const Service& service, bool may_make_checkpoint) {
  const absl::Time now = work.environment().clock->Now();
  for (TimerKey& timer : DueBy(work.transaction(), now)) {
    if (timer.aggregate == kCheckpointAggregate && !may_make_checkpoint) continue;
    Attempt attempt(work);
    work.transaction().Erase(Table::kTimers, timer.Encode());
    Decide(work, service, timer);
    if (attempt.Keep()) continue;
    // What it is for may be readable again by then.
    work.transaction().Erase(Table::kTimers, timer.Encode());
    timer.due_ms = MillisOf(now + kUnreadableAgainAfter);
    work.transaction().Put(Table::kTimers, timer.Encode(), "");
  }
}

void AwaitAll(Transaction& transaction, const Aggregate& aggregate, const Loaded& loaded) {
  for (const Deadline& deadline : aggregate.deadlines(*loaded.state)) {
    const std::string key = TimerOf(aggregate, loaded.id, deadline).Encode();
    if (!transaction.Get(Table::kTimers, key)) transaction.Put(Table::kTimers, key, "");
  }
}

void WriteWhatFollows(UnitOfWork& work, const Service& service) {
  const DecisionContext context = work.DecisionContextFor();
  for (const Aggregate& aggregate : service.aggregates) {
    const std::string prefix = StateKey{aggregate.name, ""}.Encode();
    work.transaction().ForEach(Table::kStates, prefix, [&](const Row& row) {
      Attempt attempt(work.transaction());
      const auto key = StateKey::Decode(row.key);
      if (!key) return work.transaction().Unreadable(Table::kStates, row.key);
      const Loaded loaded = work.event_store().Load(aggregate, key->id);
      if (!attempt.Keep()) return;
      work.event_store().NameAnew(aggregate, loaded, *context.lookup);
      AwaitAll(work.transaction(), aggregate, loaded);
    });
  }
}

}  // namespace exitbus::exchange
