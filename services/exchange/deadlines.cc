#include "services/exchange/deadlines.h"

#include <string>
#include <utility>

#include "services/exchange/aggregate.h"
#include "services/exchange/attempt.h"
#include "services/exchange/pass.h"
#include "services/exchange/transaction.h"

namespace exitbus::exchange {
namespace {

constexpr std::size_t kPage = 500;

}  // namespace

TimerKey TimerOf(const Aggregate& aggregate, std::string_view id, const Deadline& deadline) {
  const absl::Duration due = absl::Ceil(deadline.due - absl::UnixEpoch(), absl::Milliseconds(1));
  return {static_cast<std::uint64_t>(absl::ToInt64Milliseconds(due)), aggregate.name,
          std::string(id), deadline.name};
}

std::vector<TimerKey> DueTimers(Transaction& transaction, std::uint64_t now_ms, std::size_t limit) {
  std::vector<TimerKey> due;
  std::string after;
  while (due.size() < limit) {
    const auto rows = transaction.Scan(Table::kTimers, "", after, limit);
    for (const Row& row : rows) {
      after = row.key;
      auto timer = TimerKey::Decode(row.key);
      if (!timer) {
        const Attempt look(transaction);
        transaction.Unreadable(Table::kTimers, row.key);
        continue;
      }
      if (timer->due_ms > now_ms || due.size() == limit) return due;
      due.push_back(*std::move(timer));
    }
    if (rows.size() < limit) break;
  }
  return due;
}

void AwaitAll(Transaction& transaction, const Aggregate& aggregate, const Loaded& loaded) {
  for (const Deadline& deadline : aggregate.deadlines(*loaded.state)) {
    const std::string key = TimerOf(aggregate, loaded.id, deadline).Encode();
    if (!transaction.Get(Table::kTimers, key)) transaction.Put(Table::kTimers, key, "");
  }
}

void AwaitAllDeadlines(Pass& pass, const Service& service) {
  for (const Aggregate& aggregate : service.aggregates) {
    const std::string prefix = StateKey{aggregate.name, ""}.Encode();
    std::string after;
    while (true) {
      const auto rows = pass.transaction().Scan(Table::kStates, prefix, after, kPage);
      for (const Row& row : rows) {
        after = row.key;
        Attempt attempt(pass.transaction());
        const auto key = StateKey::Decode(row.key);
        if (!key) {
          pass.transaction().Unreadable(Table::kStates, row.key);
          continue;
        }
        const Loaded loaded = pass.ledger().Load(aggregate, key->id);
        if (attempt.Keep()) AwaitAll(pass.transaction(), aggregate, loaded);
      }
      if (rows.size() < kPage) break;
    }
  }
}

}  // namespace exitbus::exchange
