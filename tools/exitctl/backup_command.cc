#include "tools/exitctl/backup_command.h"

#include <filesystem>
#include <ostream>

#include "adapters/sqlite/sqlite_backup.h"
#include "adapters/sqlite/sqlite_store.h"
#include "services/exchange/context.h"
#include "services/exchange/pass.h"
#include "services/exchange/schema.h"
#include "services/exchange/vault.h"

namespace exitbus::exitctl {

const char kBackupHelp[] =
    "exitctl backup --data-folder DIR --out NEW_DIR\n"
    "  copies an authority's two stores, as they are at one moment, into a new folder that only "
    "its\n"
    "  owner may use. The service may run meanwhile, and waits for nothing. No secret key is "
    "needed\n"
    "  and none goes along: copy keys_file apart, onto another medium. A copy still holds what is\n"
    "  erased after it was made, so destroy it when its time is over\n";

namespace {

// An erasure that the service had decided, and not yet finished, is finished in the copy.
absl::Status FinishErasuresIn(const std::string& folder) {
  auto journal = adapters::OpenSqliteStore(adapters::JournalIn(folder));
  if (!journal.ok()) return journal.status();
  auto keys = adapters::OpenSqliteStore(adapters::KeysIn(folder), {.leave_no_trace = true});
  if (!keys.ok()) return keys.status();
  absl::Status known = exchange::CheckJournalSchema(**journal, adapters::JournalIn(folder));
  if (!known.ok()) return known;
  exchange::Vault vault(keys->get(), nullptr, nullptr,
                        nullptr);  // which destroys, and opens nothing
  exchange::Context context;
  context.store = journal->get();
  context.vault = &vault;
  return exchange::FinishErasures(context);
}

}  // namespace

int RunBackup(const CommandLine& line, Terminal terminal) {
  const absl::Status options = line.CheckOptions({"--data-folder", "--out"});
  if (!options.ok() || line.words.size() != 1 || !line.Has("--data-folder") || !line.Has("--out")) {
    return Misused(
        options.ok() ? "backup wants --data-folder and --out" : std::string(options.message()),
        kBackupHelp, terminal);
  }
  const std::string out = *line.Value("--out");
  absl::Status copied = adapters::CopyStores(*line.Value("--data-folder"), out);
  if (copied.ok()) {
    copied = FinishErasuresIn(out);
    std::error_code ignored;
    if (!copied.ok()) std::filesystem::remove_all(out, ignored);
  }
  if (!copied.ok()) return Fail(copied, terminal);
  terminal.out << out << ": journal.sqlite and keys.sqlite, of one moment\n";
  return kDone;
}

}  // namespace exitbus::exitctl
