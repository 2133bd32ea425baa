#include "adapters/sqlite/sqlite_checkpointer.h"

#include <chrono>
#include <filesystem>
#include <utility>

#include "services/exchange/ports/status_macros.h"

namespace exitbus::adapters {
namespace {

using exchange::Severity;

// Of 4 KiB each.
constexpr int kPageBytes = 4096;
constexpr int kPagesPerPass = 1000;
constexpr int kPagesBeforeRestart = 8000;
constexpr std::chrono::seconds kRetryAfter(1);
// A program that reads for a moment is none of an operator's concern.
constexpr int kTriesBeforeAlarm = 10;
constexpr int kTriesBetweenAlarms = 3600;
constexpr char kRemedy[] =
    "end the program that reads the file, a backup tool perhaps; copy with `exitctl backup`";

}  // namespace

absl::StatusOr<std::unique_ptr<SqliteCheckpointer>> SqliteCheckpointer::Start(
    const std::string& path, exchange::Telemetry* telemetry) {
  ASSIGN_OR_RETURN(auto connection, SqliteConnection::Open(path));
  connection->WaitAsInService();
  return std::unique_ptr<SqliteCheckpointer>(
      new SqliteCheckpointer(std::move(connection), path, telemetry));
}

SqliteCheckpointer::SqliteCheckpointer(std::unique_ptr<SqliteConnection> connection,
                                       const std::string& path, exchange::Telemetry* telemetry)
    : connection_(std::move(connection)),
      path_(path),
      store_({{"store", std::filesystem::path(path).stem().string()}}),
      telemetry_(telemetry),
      thread_([this] { Run(); }) {}

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
  if (pages < log_pages_at_wake_) {  // the log has begun anew
    log_pages_at_wake_ = 0;
    TellLog(pages, false);
  }
  if (pages - log_pages_at_wake_ < kPagesPerPass) return;
  log_pages_at_wake_ = pages;
  if (pages >= kPagesBeforeRestart) {
    const std::lock_guard lock(running_);
    const absl::Status copied = writer.RunCheckpoint(SqliteConnection::Checkpoint::kRestart);
    TellLog(pages, !copied.ok());
    return;
  }
  {
    const std::lock_guard lock(mutex_);
    wanted_ = true;
  }
  changed_.notify_one();
}

void SqliteCheckpointer::Empty(SqliteConnection& writer) {
  const std::lock_guard lock(running_);
  TryToEmpty(writer);
}

void SqliteCheckpointer::TryToEmpty(SqliteConnection& connection) {
  const absl::Status emptied = connection.RunCheckpoint(SqliteConnection::Checkpoint::kTruncate);
  {
    const std::lock_guard lock(mutex_);
    trace_left_ = !emptied.ok();
  }
  changed_.notify_one();
  TellTrace(emptied);
}

void SqliteCheckpointer::TellTrace(const absl::Status& emptied) {
  const int before = std::exchange(tries_, emptied.ok() ? 0 : tries_ + 1);
  if (telemetry_ == nullptr) return;
  telemetry_->Set("store.trace_left", store_, emptied.ok() ? 0 : 1);
  if (!emptied.ok()) telemetry_->Count("store.trace_retries", store_);
  if (tries_ % kTriesBetweenAlarms == kTriesBeforeAlarm) {
    telemetry_->Log(
        Severity::kError, "store.trace_left",
        {{"file", path_}, {"why", std::string(emptied.message())}, {"remedy", kRemedy}});
  }
  if (emptied.ok() && before >= kTriesBeforeAlarm) {
    telemetry_->Log(Severity::kInfo, "store.trace_gone", {{"file", path_}});
  }
}

void SqliteCheckpointer::TellLog(int pages, bool held) {
  if (telemetry_ == nullptr || (!held && log_reported_pages_ == 0)) return;
  telemetry_->Set("store.log_held_bytes", store_, held ? 1.0 * pages * kPageBytes : 0);
  if (held && pages >= 2 * log_reported_pages_) {
    log_reported_pages_ = pages;
    telemetry_->Log(Severity::kWarning, "store.log_held", {{"file", path_}, {"remedy", kRemedy}});
  }
  if (!held) log_reported_pages_ = 0;
}

void SqliteCheckpointer::Run() {
  for (;;) {
    bool empty = false;
    {
      std::unique_lock lock(mutex_);
      changed_.wait(lock, [this] { return wanted_ || trace_left_ || stopped_; });
      if (trace_left_) {
        changed_.wait_for(lock, kRetryAfter, [this] { return stopped_ || !trace_left_; });
      }
      if (stopped_) return;
      wanted_ = false;
      empty = trace_left_;
    }
    const std::lock_guard lock(running_);
    if (empty) {
      TryToEmpty(*connection_);
    } else {
      connection_->RunCheckpoint(SqliteConnection::Checkpoint::kPassive).IgnoreError();
    }
  }
}

}  // namespace exitbus::adapters
