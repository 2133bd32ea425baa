// The store port on SQLite: one file, one table per Table.
//
// Durable: a commit that returned OK survives kill -9 and, as far as the medium keeps its word on
// fsync, a power cut. Errors: UNAVAILABLE when the medium failed or is full (nothing was written;
// try again later), DATA_LOSS when the file is damaged. Thread safety: none, as the port says; a
// background thread of its own moves what was committed from the write-ahead log into the file.
#pragma once

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "services/exchange/ports/store.h"

namespace exitbus::adapters {

struct SqliteOptions {
  // The values a commit erases or replaces are gone from the file when Commit returns, and those it
  // erases from the log too; their keys may linger. Costs a commit that erases some synchronous
  // writes more, and every erased value its length in the file. To be chosen when the file is new:
  // FAILED_PRECONDITION where it was created with the other choice. When the log cannot be emptied
  // (the medium fails, another program reads the file), the commit stands all the same, and the
  // next ones are UNAVAILABLE until it could. Blocks that the file system or the medium has set
  // aside are out of reach.
  bool leave_no_trace = false;
};

// Opens the file or creates it (mode 0600; its folder must exist). Take the FolderLock first: the
// store does not keep other processes out. FAILED_PRECONDITION: cannot be opened, or was written by
// another program or a newer version; DATA_LOSS: not a database.
absl::StatusOr<std::unique_ptr<exchange::Store>> OpenSqliteStore(const std::string& path,
                                                                 const SqliteOptions& options = {});

// An existing store as it is at this moment, whatever its own process writes meanwhile; needs no
// lock. Commit is FAILED_PRECONDITION. FAILED_PRECONDITION: not a store, or of another version;
// UNAVAILABLE, NOT_FOUND: cannot be read.
absl::StatusOr<std::unique_ptr<exchange::Store>> OpenSqliteSnapshot(const std::string& path);

}  // namespace exitbus::adapters
