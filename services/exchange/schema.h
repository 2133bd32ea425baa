// The version of what a store's rows mean. A newer program brings an older store up to date before
// it uses it; an older program does not touch a newer store, whose rows it would misread.
#pragma once

#include <cstddef>
#include <string>

#include "absl/status/status.h"
#include "absl/types/span.h"

namespace exitbus::exchange {

class Store;
class Transaction;

// Turns the rows of one version into those of the next.
using Migration = void (*)(Transaction&);

// What a program reads: stores from `oldest` on, from which the first migration leads to the next.
struct Schema {
  std::size_t oldest;
  absl::Span<const Migration> migrations;

  std::size_t version() const { return oldest + migrations.size(); }
};

// Brings the store to the version after the last migration, each step in a transaction of its own
// with the version it leads to. A store with no row is new and of that version. FAILED_PRECONDITION
// `store.newer_schema`: a newer program wrote it; `store.older_schema`: one from before `oldest`.
// `file` is for the messages.
absl::Status Migrate(Store& store, const std::string& file, const Schema& schema);

// As this program has them.
absl::Status MigrateJournal(Store& store, const std::string& file);
absl::Status MigrateKeys(Store& store, const std::string& file);

// For who only reads a journal: FAILED_PRECONDITION unless it is of this program's version.
absl::Status CheckJournalSchema(Store& store, const std::string& file);

}  // namespace exitbus::exchange
