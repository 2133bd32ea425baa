#include "services/exchange/tally.h"

#include <google/protobuf/message.h>

#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "services/exchange/answers.h"
#include "services/exchange/damaged_rows.h"
#include "services/exchange/keys.h"
#include "services/exchange/unit_of_work.h"

namespace exitbus::exchange {
namespace {

constexpr std::size_t kLoadedAtOnce = 64;

void FetchStates(Transaction& transaction, const Aggregate& aggregate,
                 const std::vector<Row>& rows) {
  std::vector<RowName> wanted;
  for (const Row& row : rows) {
    if (!IsKeyPart(row.value)) continue;  // an altered row
    wanted.push_back({Table::kStates, StateKey{aggregate.name, row.value}.Encode()});
  }
  transaction.ForgetFetched();
  transaction.Fetch(wanted);
}

}  // namespace

Answer TallyAll(UnitOfWork& work, const BoundMethod& bound, const Call& call,
                const DecisionContext& context) {
  auto begun = bound.method->tally(*call.request, context);
  if (auto* const refusal = std::get_if<Refusal>(&begun)) return {nullptr, std::move(*refusal)};
  Tally& tally = *std::get<std::unique_ptr<Tally>>(begun);
  const Aggregate& aggregate = *bound.aggregate;
  const std::string prefix = IndexKey{aggregate.name, bound.method->list_prefix}.Encode();
  Transaction& transaction = work.transaction();
  std::string after;
  while (true) {
    const auto rows = transaction.Scan(Table::kIndex, prefix, after, kLoadedAtOnce);
    FetchStates(transaction, aggregate, rows);
    for (const Row& row : rows) {
      const Loaded loaded = work.event_store().Load(aggregate, row.value);
      if (!transaction.status().ok()) return {nullptr, Unreadable()};
      tally.Add(*loaded.state);
      after = row.key;
    }
    if (rows.size() < kLoadedAtOnce) break;
  }
  Shown shown = Show(*tally.Result(), Visibility{.reader = ReaderOf(context)}, work.environment());
  return {ResponseOf(call.method, std::move(shown.resource)), {}};
}

}  // namespace exitbus::exchange
