// The store port on SQLite: one file, one table per Table. No other process that reads the file, a
// backup tool for instance, holds a commit up or makes one fail; what its reading keeps from being
// done is done later, and told of meanwhile.
//
// Durable: a commit that returned OK survives kill -9 and, as far as the medium keeps its word on
// fsync, a power cut. Errors: UNAVAILABLE when the medium failed, RESOURCE_EXHAUSTED when it is
// full (nothing was written; try again later), DATA_LOSS when the file is damaged. Thread safety:
// none, as the port says; a background thread of its own moves what was committed from the
// write-ahead log into the file.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "services/exchange/ports/store.h"

namespace exitbus::exchange {
class Telemetry;
}

namespace exitbus::adapters {

struct SqliteOptions {
  // The values a commit erases or replaces are gone from the file when Commit returns, and those it
  // erases from the log too; their keys may linger. Costs a commit that erases some synchronous
  // writes more, and every erased value its length in the file. To be chosen when the file is new:
  // FAILED_PRECONDITION where it was created with the other choice. While the log cannot be emptied
  // (another program reads the file, the medium fails), what was erased before stays in it. The
  // commit stands all the same, emptying is tried again each second, the gauge "store.trace_left"
  // is 1, and after ten tries it is an error in the log. Blocks that the file system or the medium
  // has set aside are out of reach.
  bool leave_no_trace = false;
  // Is told what another program keeps from being done; outlives the store. Null: nobody is told.
  exchange::Telemetry* telemetry = nullptr;
  // Makes room on a disk that is full; true: a commit is to be tried again. Null: nobody does.
  std::function<bool()> make_room = nullptr;
  // Is told of each commit that was refused because another process has taken the store over. Null:
  // nobody is told.
  std::function<void()> taken_over = nullptr;
};

// Where the two stores of an authority lie in its data folder.
std::string JournalIn(const std::string& data_folder);
std::string KeysIn(const std::string& data_folder);

// Opens the file or creates it (mode 0600; its folder must exist), waiting some seconds for another
// program that is writing to it. Take the FolderLock first: the store does not keep other processes
// out, it takes itself over from them. FAILED_PRECONDITION: cannot be opened, or was written by
// another program or a newer version; UNAVAILABLE: it was still locked, or the medium failed;
// DATA_LOSS: not a database. All of them name the file.
absl::StatusOr<std::unique_ptr<exchange::Store>> OpenSqliteStore(const std::string& path,
                                                                 const SqliteOptions& options = {});

// An existing store as it is at this moment, whatever its own process writes meanwhile; needs no
// lock. Commit is FAILED_PRECONDITION. FAILED_PRECONDITION: not a store, or of another version;
// UNAVAILABLE, NOT_FOUND: cannot be read.
absl::StatusOr<std::unique_ptr<exchange::Store>> OpenSqliteSnapshot(const std::string& path);

}  // namespace exitbus::adapters
