// Keeps the write-ahead log short without making commits wait: a thread with a connection of its
// own copies the log's pages into the file. Neither waits for another program that reads; what it
// holds up is told of, and done when it is gone.
#pragma once

#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "adapters/sqlite/sqlite_connection.h"
#include "services/exchange/ports/telemetry.h"

namespace exitbus::adapters {

// Used by the writer's thread.
class SqliteCheckpointer {
 public:
  // `telemetry` outlives it, and may be null.
  static absl::StatusOr<std::unique_ptr<SqliteCheckpointer>> Start(const std::string& path,
                                                                   exchange::Telemetry* telemetry);
  ~SqliteCheckpointer();

  // To be told of the log's length after every commit on `writer`. Past a first length it wakes
  // the thread; past a second, which a busy service reaches because the log can begin anew only
  // when all of it is copied, it copies the rest itself while the writer waits, and tries again a
  // pass later where somebody reads. A failed checkpoint leaves the log longer, no more: everything
  // committed stays in it, and when the disk is full the next commits say so.
  void Committed(SqliteConnection& writer);

  // Copies all of the log into the file and empties it, while the writer waits. Where that cannot
  // be, the thread tries again each second.
  void Empty(SqliteConnection& writer);

 private:
  SqliteCheckpointer(std::unique_ptr<SqliteConnection> connection, const std::string& path,
                     exchange::Telemetry* telemetry);
  void Run();
  // Both with running_ held.
  void TryToEmpty(SqliteConnection& connection);
  void TellTrace(const absl::Status& emptied);
  void TellLog(int pages, bool held);

  const std::unique_ptr<SqliteConnection> connection_;  // the thread's
  const std::string path_;
  const exchange::Labels store_;  // the file's name without its end, as a label
  exchange::Telemetry* const telemetry_;
  int log_pages_at_wake_ = 0;
  int log_reported_pages_ = 0;
  int tries_ = 0;  // to empty the log, in vain; guarded by running_

  std::mutex running_;  // held while a checkpoint runs; only one can
  std::mutex mutex_;    // guards the three below
  std::condition_variable changed_;
  bool wanted_ = false;
  bool trace_left_ = false;
  bool stopped_ = false;
  std::thread thread_;
};

}  // namespace exitbus::adapters
