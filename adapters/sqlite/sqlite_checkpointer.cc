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
    absl::MutexLock lock(&mutex_);
    stopped_ = true;
  }
  thread_.join();
}

void SqliteCheckpointer::Committed(SqliteConnection& writer) {
  const int pages = writer.log_pages();
  if (pages < log_pages_at_wake_) log_pages_at_wake_ = 0;  // the log has begun anew
  if (pages >= kPagesBeforeRestart) {
    absl::MutexLock lock(&running_);
    // See the header for why a failure is not the committer's concern.
    writer.RunCheckpoint(SqliteConnection::Checkpoint::kRestart).IgnoreError();
    return;
  }
  if (pages - log_pages_at_wake_ < kPagesPerPass) return;
  log_pages_at_wake_ = pages;
  absl::MutexLock lock(&mutex_);
  wanted_ = true;
}

void SqliteCheckpointer::Run() {
  for (;;) {
    {
      absl::MutexLock lock(&mutex_);
      mutex_.Await(absl::Condition(
          +[](SqliteCheckpointer* self)
               ABSL_NO_THREAD_SAFETY_ANALYSIS { return self->wanted_ || self->stopped_; },
          this));
      if (stopped_) return;
      wanted_ = false;
    }
    absl::MutexLock lock(&running_);
    connection_->RunCheckpoint(SqliteConnection::Checkpoint::kPassive).IgnoreError();
  }
}

}  // namespace exitbus::adapters
