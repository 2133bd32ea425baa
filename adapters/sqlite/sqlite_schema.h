// The tables of a store's file, in one of two layouts that the same statements serve.
#pragma once

#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "adapters/sqlite/sqlite_connection.h"

namespace exitbus::adapters {

// The number is the format in the file.
enum class SqliteLayout {
  // One table per Table.
  kRows = 1,
  // One view per Table, of two tables: which place a key has, and the values by place. SQLite
  // moves a table's rows between pages as it grows and shrinks, and secure deletion does not reach
  // every place a row has left. Here places only count up and none is deleted, so a value never
  // moves; erasing it overwrites it where it stands. An erased value's place is not used again.
  kPlaces = 2,
};

// Creates what is missing. FAILED_PRECONDITION: written by another program, in another layout or
// by a newer version.
absl::Status CreateTables(SqliteConnection& connection, const std::string& path,
                          SqliteLayout layout);

// Takes the store over: the epoch from now on. Also in a store of a version that had none.
absl::StatusOr<std::int64_t> RaiseEpoch(SqliteConnection& connection);

// FAILED_PRECONDITION: these are not the tables of a store as this version has them. For one that
// only reads.
absl::Status CheckTables(SqliteConnection& connection, const std::string& path,
                         SqliteLayout layout);

}  // namespace exitbus::adapters
