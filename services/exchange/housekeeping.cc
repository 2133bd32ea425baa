#include "services/exchange/housekeeping.h"

#include "exitbus/store/v1/rows.pb.h"
#include "services/exchange/change_index.h"
#include "services/exchange/context.h"
#include "services/exchange/ports/telemetry.h"
#include "services/exchange/ports/time.h"
#include "services/exchange/proto_time.h"
#include "services/exchange/transaction.h"

namespace exitbus::exchange {
namespace {

constexpr std::size_t kPage = 500;

template <class Proto>
void EraseOver(Transaction& transaction, Table table, absl::Time now,
               absl::Time (*over)(const Proto&)) {
  std::string after;
  while (true) {
    const auto rows = transaction.Scan(table, "", after, kPage);
    for (const Row& row : rows) {
      Proto proto;
      if (proto.ParseFromString(row.value) && over(proto) <= now) transaction.Erase(table, row.key);
      after = row.key;
    }
    if (rows.size() < kPage) return;
  }
}

}  // namespace

void KeepHouse(const Context& context, const ChangeIndex& changes) {
  Transaction transaction(context);
  EraseOver<store::v1::Outcome>(
      transaction, Table::kOutcomes, context.clock->Now(),
      [](const store::v1::Outcome& outcome) { return FromProto(outcome.expires()); });
  EraseOver<store::v1::DeadLetter>(transaction, Table::kDeadLetters, context.clock->Now(),
                                   [](const store::v1::DeadLetter& letter) {
                                     return FromProto(letter.time()) + kDeadLettersKept;
                                   });
  changes.Forget(transaction, context.clock->Now());
  const absl::Status done =
      transaction.empty() ? transaction.status() : transaction.Commit(Durability::kDurable);
  if (!done.ok()) {
    context.telemetry->Log(Severity::kWarning, "housekeeping.failed",
                           {{"why", std::string(done.message())}});
  }
}

}  // namespace exitbus::exchange
