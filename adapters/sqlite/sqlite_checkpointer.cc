#include "adapters/sqlite/sqlite_checkpointer.h"

#include <utility>

namespace exitbus::adapters {
namespace {

// Of 4 KiB each.
constexpr int kPagesPerPass = 1000;
constexpr int kPagesBeforeRestart = 8000;

}  // namespace

absl::StatusOr<std::unique_ptr<SqliteCheckpointer>> SqliteCheckpointer::Start(
    const std::string& path) {
  auto connection = SqliteConnection::Open(path);
  if (!connection.ok()) return connection.status();
  return std::unique_ptr<SqliteCheckpointer>(new SqliteCheckpointer(*std::move(connection)));
}

SqliteCheckpointer::SqliteCheckpointer(std::unique_ptr<SqliteConnection> connection)
    : connection_(std::move(connection)), thread_([this] { Run(); }) {}

SqliteCheckpointer::~SqliteCheckpointer() {
  {
    const std::lock_guard lock(mutex_);
    stopped_ = true;
  }
  changed_.notify_one();
  thread_.join();
}

void SqliteCheckpointer::Committed(SqliteConnection& writer) {
  const int pages = writer.log_pages();
  if (pages < log_pages_at_wake_) log_pages_at_wake_ = 0;  // the log has begun anew
  if (pages >= kPagesBeforeRestart) {
    const std::lock_guard lock(running_);
    // See the header for why a failure is not the committer's concern.
    writer.RunCheckpoint(SqliteConnection::Checkpoint::kRestart).IgnoreError();
    return;
  }
  if (pages - log_pages_at_wake_ < kPagesPerPass) return;
  log_pages_at_wake_ = pages;
  {
    const std::lock_guard lock(mutex_);
    wanted_ = true;
  }
  changed_.notify_one();
}

absl::Status SqliteCheckpointer::Empty(SqliteConnection& writer) {
  const std::lock_guard lock(running_);
  return writer.RunCheckpoint(SqliteConnection::Checkpoint::kTruncate);
}

void SqliteCheckpointer::Run() {
  for (;;) {
    {
      std::unique_lock lock(mutex_);
      changed_.wait(lock, [this] { return wanted_ || stopped_; });
      if (stopped_) return;
      wanted_ = false;
    }
    const std::lock_guard lock(running_);
    connection_->RunCheckpoint(SqliteConnection::Checkpoint::kPassive).IgnoreError();
  }
}

}  // namespace exitbus::adapters
