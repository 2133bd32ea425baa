#include "services/exchange/deadlines.h"

#include "services/exchange/aggregate.h"
#include "services/exchange/attempt.h"
#include "services/exchange/pass.h"
#include "services/exchange/transaction.h"

namespace exitbus::exchange {
namespace {

constexpr std::size_t kPage = 500;

}  // namespace

std::string TimerKey(const Aggregate& aggregate, std::string_view id, const Deadline& deadline) {
  const absl::Duration due = absl::Ceil(deadline.due - absl::UnixEpoch(), absl::Milliseconds(1));
  return SortableNumber(absl::ToInt64Milliseconds(due)) + aggregate.name + "/" + std::string(id) +
         "/" + deadline.name;
}

void AwaitAll(Transaction& transaction, const Aggregate& aggregate, const Loaded& loaded) {
  for (const Deadline& deadline : aggregate.deadlines(*loaded.state)) {
    const std::string key = TimerKey(aggregate, loaded.id, deadline);
    if (!transaction.Get(Table::kTimers, key)) transaction.Put(Table::kTimers, key, "");
  }
}

void AwaitAllDeadlines(Pass& pass, const Service& service) {
  for (const Aggregate& aggregate : service.aggregates) {
    const std::string prefix = StateKey(aggregate.name, "");
    std::string after;
    while (true) {
      const auto rows = pass.transaction().Scan(Table::kStates, prefix, after, kPage);
      for (const Row& row : rows) {
        after = row.key;
        Attempt attempt(pass.transaction());
        const Loaded loaded = pass.ledger().Load(aggregate, row.key.substr(prefix.size()));
        if (attempt.Keep()) AwaitAll(pass.transaction(), aggregate, loaded);
      }
      if (rows.size() < kPage) break;
    }
  }
}

}  // namespace exitbus::exchange
