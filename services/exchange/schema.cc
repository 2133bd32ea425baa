#include "services/exchange/schema.h"

#include "absl/status/statusor.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "services/exchange/transaction.h"

namespace exitbus::exchange {
namespace {

constexpr char kSchemaKey[] = "schema";

// 1 was that of v0.1, before rows were frozen: nothing leads from it.
constexpr Schema kJournal{2, {}};
constexpr Schema kKeys{2, {}};

// 0: the store has no row. Stores from before this was noted are of version 1.
absl::StatusOr<std::size_t> VersionOf(Store& store, const std::string& file) {
  const auto noted = store.Get(Table::kMeta, kSchemaKey);
  if (!noted.ok()) return noted.status();
  if (!*noted) {
    const auto any = store.Scan(Table::kMeta, "", "", 1);
    if (!any.ok()) return any.status();
    return std::size_t{any->empty() ? 0U : 1U};
  }
  std::size_t version = 0;
  if (absl::SimpleAtoi(**noted, &version) && version > 0) return version;
  return absl::DataLossError(file + ": its version is no number; put a backup in its place");
}

// OK: of a version that this program reads.
absl::Status Readable(const std::string& file, std::size_t version, const Schema& schema) {
  if (version > schema.version()) {
    return absl::FailedPreconditionError(absl::StrCat(
        file, ": store.newer_schema: a newer version of this program wrote it (schema ", version,
        ", this one knows ", schema.version(), "). Run that version, or a newer one."));
  }
  if (version > 0 && version < schema.oldest) {
    return absl::FailedPreconditionError(absl::StrCat(
        file,
        ": store.older_schema: a version of this program wrote it that came before rows were "
        "frozen (schema ",
        version, ", this one reads from ", schema.oldest,
        " on). Keep it for that version, and begin with an empty folder (--new-store)."));
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status Migrate(Store& store, const std::string& file, const Schema& schema) {
  auto version = VersionOf(store, file);
  if (!version.ok()) return version.status();
  if (absl::Status readable = Readable(file, *version, schema); !readable.ok()) return readable;
  if (*version == 0) {
    return store.Commit(Durability::kDurable,
                        {{Table::kMeta, kSchemaKey, std::to_string(schema.version())}});
  }
  for (; *version < schema.version(); ++*version) {
    Transaction transaction(&store);
    schema.migrations[*version - schema.oldest](transaction);
    transaction.Put(Table::kMeta, kSchemaKey, std::to_string(*version + 1));
    if (absl::Status done = transaction.Commit(Durability::kDurable); !done.ok()) return done;
  }
  return absl::OkStatus();
}

absl::Status MigrateJournal(Store& store, const std::string& file) {
  return Migrate(store, file, kJournal);
}

absl::Status MigrateKeys(Store& store, const std::string& file) {
  return Migrate(store, file, kKeys);
}

absl::Status CheckJournalSchema(Store& store, const std::string& file) {
  const auto version = VersionOf(store, file);
  if (!version.ok()) return version.status();
  if (absl::Status readable = Readable(file, *version, kJournal); !readable.ok()) return readable;
  if (*version == kJournal.version() || *version == 0) return absl::OkStatus();
  return absl::FailedPreconditionError(
      absl::StrCat(file, ": an older version wrote it (schema ", *version, ", this one knows ",
                   kJournal.version(), "). Start its service once with this version."));
}

}  // namespace exitbus::exchange
