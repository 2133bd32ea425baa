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

// Opens the file or creates it (mode 0600; its folder must exist). Take the FolderLock first: the
// store does not keep other processes out. FAILED_PRECONDITION: cannot be opened, or was written by
// another program or a newer version; DATA_LOSS: not a database.
absl::StatusOr<std::unique_ptr<exchange::Store>> OpenSqliteStore(const std::string& path);

}  // namespace exitbus::adapters
