#include "services/exchange/damaged_rows.h"

#include "absl/strings/escaping.h"
#include "services/exchange/decision.h"
#include "services/exchange/ports/crypto.h"
#include "services/exchange/ports/telemetry.h"

namespace exitbus::exchange {
namespace {

constexpr std::size_t kNamedBytes = 8;
constexpr std::size_t kRememberedMax = 10000;  // of a table; a store with more is lost anyway

}  // namespace

void DamagedRows::Found(Table table, std::string_view key) {
  any_ = true;
  std::set<std::string>& known = found_[table];
  const std::string name = absl::BytesToHexString(crypto_->Digest(key).substr(0, kNamedBytes));
  if (known.size() >= kRememberedMax || !known.insert(name).second) return;
  const std::string in(TableName(table));
  telemetry_->Log(Severity::kError, "store.unreadable", {{"table", in}, {"row", name}});
  telemetry_->Set("store.unreadable", {{"table", in}}, static_cast<double>(known.size()));
}

Refusal Unreadable() {
  return RefusedBy("store.unreadable",
                   "What is stored here about this cannot be read; nothing was changed. Have your "
                   "operators restore it: the log names the row under store.unreadable. Until "
                   "then ask the other authorities of the case by telephone.",
                   absl::StatusCode::kDataLoss);
}

}  // namespace exitbus::exchange
