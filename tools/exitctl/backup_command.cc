#include <filesystem>
#include <ostream>

#include "adapters/sqlite/sqlite_backup.h"
#include "adapters/sqlite/sqlite_store.h"
#include "services/exchange/environment.h"
#include "services/exchange/ports/status_macros.h"
#include "services/exchange/schema.h"
#include "services/exchange/unit_of_work.h"
#include "services/exchange/vault.h"
#include "tools/exitctl/handlers.h"

namespace exitbus::exitctl {
namespace {

// An erasure that the service had decided, and not yet finished, is finished in the copy.
absl::Status FinishErasuresIn(const std::string& folder) {
  ASSIGN_OR_RETURN(auto journal, adapters::OpenSqliteStore(adapters::JournalIn(folder)));
  ASSIGN_OR_RETURN(auto keys,
                   adapters::OpenSqliteStore(adapters::KeysIn(folder), {.leave_no_trace = true}));
  absl::Status known = exchange::CheckJournalSchema(*journal, adapters::JournalIn(folder));
  if (!known.ok()) return known;
  exchange::Vault vault(keys.get(), nullptr, nullptr,
                        nullptr);  // which destroys, and opens nothing
  exchange::Environment environment;
  environment.store = journal.get();
  environment.vault = &vault;
  return exchange::FinishErasures(environment);
}

}  // namespace

absl::StatusOr<int> Backup(const Invocation& on) {
  const std::string& out = on.said["--out"];
  absl::Status copied = adapters::CopyStores(on.said["--data-folder"], out);
  if (copied.ok()) {
    copied = FinishErasuresIn(out);
    std::error_code ignored;
    if (!copied.ok()) std::filesystem::remove_all(out, ignored);
  }
  if (!copied.ok()) return copied;
  on.terminal.out << out << ": journal.sqlite and keys.sqlite, of one moment\n";
  return kDone;
}

}  // namespace exitbus::exitctl
