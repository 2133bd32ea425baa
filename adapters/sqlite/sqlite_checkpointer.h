// Keeps the write-ahead log short without making commits wait: a thread with a connection of its
// own copies the log's pages into the file.
#pragma once

#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "adapters/sqlite/sqlite_connection.h"

namespace exitbus::adapters {

// Used by the writer's thread.
class SqliteCheckpointer {
 public:
  static absl::StatusOr<std::unique_ptr<SqliteCheckpointer>> Start(const std::string& path);
  ~SqliteCheckpointer();

  // To be told of the log's length after every commit on `writer`. Past a first length it wakes
  // the thread; past a second, which a busy service reaches because the log can begin anew only
  // when all of it is copied, it copies the rest itself while the writer waits. A failed
  // checkpoint leaves the log longer, no more: everything committed stays in it, and when the
  // disk is full the next commits say so.
  void Committed(SqliteConnection& writer);

  // Copies all of the log into the file and empties it, while the writer waits. UNAVAILABLE: some
  // of it is left; try again.
  absl::Status Empty(SqliteConnection& writer);

 private:
  explicit SqliteCheckpointer(std::unique_ptr<SqliteConnection> connection);
  void Run();

  const std::unique_ptr<SqliteConnection> connection_;  // the thread's
  int log_pages_at_wake_ = 0;

  std::mutex running_;  // held while a checkpoint runs; only one can
  std::mutex mutex_;    // guards the two below
  std::condition_variable changed_;
  bool wanted_ = false;
  bool stopped_ = false;
  std::thread thread_;
};

}  // namespace exitbus::adapters
