#include "services/exchange/list_walk.h"

#include <algorithm>
#include <utility>

#include "services/exchange/calls.h"
#include "services/exchange/environment.h"
#include "services/exchange/keys.h"
#include "services/exchange/ports/telemetry.h"
#include "services/exchange/transaction.h"

namespace exitbus::exchange {
namespace {

constexpr std::size_t kListedAtOnce = 200;

}  // namespace

ListWalk::ListWalk(Transaction& transaction, const Aggregate& aggregate, const Method& method,
                   const Message& request, const Lookup& lookup, std::string after)
    : transaction_(transaction),
      aggregate_(aggregate),
      method_(method),
      below_(method.list_below ? method.list_below(request, lookup)
                               : std::vector{method.list_prefix}),
      after_(std::move(after)),
      more_(!below_.empty()) {}

std::vector<Row> ListWalk::Next() {
  std::vector<Row> next;
  while (more_ && next.empty()) {
    next = transaction_.Scan(Table::kIndex, IndexKey{aggregate_.name, below_.front()}.Encode(),
                             after_, kListedAtOnce);
    more_ = next.size() == kListedAtOnce;
    if (more_) after_ = next.back().key;
    if (method_.list_below) next = Found(next);
  }
  return next;
}

std::vector<Row> ListWalk::Found(const std::vector<Row>& rows) {
  const auto row_of = [this](const std::string& name) {
    return transaction_.Get(Table::kIndex, IndexKey{aggregate_.name, name}.Encode());
  };
  const std::size_t begins = IndexKey{aggregate_.name, below_.front()}.Encode().size();
  std::vector<Row> found;
  for (const Row& row : rows) {
    const std::string id = row.key.substr(begins);
    const bool stands = std::all_of(below_.begin() + 1, below_.end(),
                                    [&](const auto& one) { return row_of(one + id).has_value(); });
    const auto named = stands ? row_of(method_.list_prefix + id) : std::nullopt;
    if (named) found.push_back({row.key, *named});
  }
  return found;
}

void NoteFoundNothing(const Environment& environment, const Call& call) {
  environment.telemetry->Log(Severity::kInfo, "search.found_nothing",
                             {{"system", call.caller.system},
                              {"function", call.caller.function},
                              {"employee", call.caller.employee},
                              {"method", call.method}});
}

}  // namespace exitbus::exchange
