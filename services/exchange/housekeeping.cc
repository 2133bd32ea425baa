#include "services/exchange/housekeeping.h"

#include "exitbus/store/v1/rows.pb.h"
#include "services/exchange/change_index.h"
#include "services/exchange/environment.h"
#include "services/exchange/ports/telemetry.h"
#include "services/exchange/ports/time.h"
#include "services/exchange/proto_time.h"
#include "services/exchange/transaction.h"

namespace exitbus::exchange {

void KeepHouse(const Environment& environment, const ChangeIndex& changes) {
  const absl::Time now = environment.clock->Now();
  Transaction transaction(environment);
  transaction.ForEach(Table::kOutcomes, "", [&](const Row& row) {
    store::v1::Outcome outcome;
    if (!outcome.ParseFromString(row.value) || FromProto(outcome.expires()) > now) return;
    transaction.Erase(Table::kOutcomes, row.key);
  });
  transaction.ForEach(Table::kDeadLetters, "", [&](const Row& row) {
    store::v1::DeadLetter letter;
    if (!letter.ParseFromString(row.value) || FromProto(letter.time()) + kDeadLettersKept > now) {
      return;
    }
    transaction.Erase(Table::kDeadLetters, row.key);
  });
  changes.Forget(transaction, now);
  const absl::Status done =
      transaction.empty() ? transaction.status() : transaction.Commit(Durability::kDurable);
  if (!done.ok()) {
    environment.telemetry->Log(Severity::kWarning, "housekeeping.failed",
                               {{"why", std::string(done.message())}});
  }
}

}  // namespace exitbus::exchange
