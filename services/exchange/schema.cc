#include "services/exchange/schema.h"

#include "absl/status/statusor.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "services/exchange/transaction.h"

namespace exitbus::exchange {
namespace {

constexpr char kSchemaKey[] = "schema";

// There are none yet.
constexpr absl::Span<const Migration> kJournalMigrations;
constexpr absl::Span<const Migration> kKeysMigrations;

std::size_t VersionAfter(absl::Span<const Migration> migrations) { return migrations.size() + 1; }

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

absl::Status Newer(const std::string& file, std::size_t version, std::size_t known) {
  return absl::FailedPreconditionError(
      absl::StrCat(file, ": store.newer_schema: a newer version of this program wrote it (schema ",
                   version, ", this one knows ", known, "). Run that version, or a newer one."));
}

}  // namespace

absl::Status Migrate(Store& store, const std::string& file,
                     absl::Span<const Migration> migrations) {
  const std::size_t known = VersionAfter(migrations);
  auto version = VersionOf(store, file);
  if (!version.ok()) return version.status();
  if (*version > known) return Newer(file, *version, known);
  if (*version == 0)
    return store.Commit(Durability::kDurable, {{Table::kMeta, kSchemaKey, std::to_string(known)}});
  for (; *version < known; ++*version) {
    Transaction transaction(&store);
    migrations[*version - 1](transaction);
    transaction.Put(Table::kMeta, kSchemaKey, std::to_string(*version + 1));
    if (absl::Status done = transaction.Commit(Durability::kDurable); !done.ok()) return done;
  }
  return absl::OkStatus();
}

absl::Status MigrateJournal(Store& store, const std::string& file) {
  return Migrate(store, file, kJournalMigrations);
}

absl::Status MigrateKeys(Store& store, const std::string& file) {
  return Migrate(store, file, kKeysMigrations);
}

absl::Status CheckJournalSchema(Store& store, const std::string& file) {
  const std::size_t known = VersionAfter(kJournalMigrations);
  const auto version = VersionOf(store, file);
  if (!version.ok()) return version.status();
  if (*version > known) return Newer(file, *version, known);
  if (*version == known || *version == 0) return absl::OkStatus();
  return absl::FailedPreconditionError(
      absl::StrCat(file, ": an older version wrote it (schema ", *version, ", this one knows ",
                   known, "). Start its service once with this version."));
}

}  // namespace exitbus::exchange
