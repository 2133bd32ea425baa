#include "adapters/sqlite/sqlite_connection.h"

#include <fcntl.h>
#include <sqlite3.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "absl/strings/str_cat.h"
#include "services/exchange/ports/status_macros.h"

namespace exitbus::adapters {
namespace {

constexpr int kWaitOpeningMs = 10'000;
constexpr int kWaitInServiceMs = 1000;

absl::Status Last(sqlite3* database, std::string_view doing) {
  const char* file = sqlite3_db_filename(database, "main");
  int code = sqlite3_extended_errcode(database);
  const int system = sqlite3_system_errno(database);
  // SQLite tells only some writes to a full disk, and none past a quota, from other failures.
  if ((code & 0xff) == SQLITE_IOERR && (system == ENOSPC || system == EDQUOT)) code = SQLITE_FULL;
  return SqliteError(code, absl::StrCat(file == nullptr ? "" : file, ": ", std::string(doing)),
                     sqlite3_errmsg(database));
}

int ModeOf(SqliteConnection::Checkpoint kind) {
  switch (kind) {
    case SqliteConnection::Checkpoint::kPassive:
      return SQLITE_CHECKPOINT_PASSIVE;
    case SqliteConnection::Checkpoint::kRestart:
      return SQLITE_CHECKPOINT_RESTART;
    case SqliteConnection::Checkpoint::kTruncate:
      return SQLITE_CHECKPOINT_TRUNCATE;
  }
  return SQLITE_CHECKPOINT_TRUNCATE;
}

}  // namespace

absl::Status SqliteError(int code, std::string_view doing, std::string_view message) {
  const std::string text = std::string(doing) + ": " + std::string(message) + " (SQLite error " +
                           std::to_string(code) + ")";
  switch (code & 0xff) {
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return absl::DataLossError(text);
    case SQLITE_ERROR:
    case SQLITE_MISUSE:
    case SQLITE_RANGE:
    case SQLITE_SCHEMA:
    case SQLITE_MISMATCH:
    case SQLITE_CONSTRAINT:
      return absl::InternalError(text);
    case SQLITE_TOOBIG:
      return absl::InvalidArgumentError(text);
    case SQLITE_FULL:
      return absl::ResourceExhaustedError(text);
    default:
      return absl::UnavailableError(text);
  }
}

absl::Status CreateDatabaseFile(const std::string& path) {
  const int file = open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (file < 0) {
    return absl::FailedPreconditionError(
        absl::StrCat(path, ": cannot be opened: ", std::strerror(errno)));
  }
  close(file);
  return absl::OkStatus();
}

void SqliteStatement::Finalize::operator()(sqlite3_stmt* statement) const {
  sqlite3_finalize(statement);
}

absl::Status SqliteStatement::Bind(int parameter, std::string_view bytes) {
  // A null pointer would bind NULL instead of nothing.
  const void* data = bytes.data() == nullptr ? "" : bytes.data();
  const int code =
      sqlite3_bind_blob64(statement_.get(), parameter, data, bytes.size(), SQLITE_STATIC);
  if (code != SQLITE_OK) return Last(sqlite3_db_handle(statement_.get()), "bind");
  return absl::OkStatus();
}

absl::Status SqliteStatement::Bind(int parameter, std::int64_t number) {
  if (sqlite3_bind_int64(statement_.get(), parameter, number) != SQLITE_OK) {
    return Last(sqlite3_db_handle(statement_.get()), "bind");
  }
  return absl::OkStatus();
}

absl::StatusOr<bool> SqliteStatement::Step() {
  switch (sqlite3_step(statement_.get())) {
    case SQLITE_ROW:
      return true;
    case SQLITE_DONE:
      return false;
    default:
      return Last(sqlite3_db_handle(statement_.get()), sqlite3_sql(statement_.get()));
  }
}

std::string_view SqliteStatement::Bytes(int column) const {
  const void* data = sqlite3_column_blob(statement_.get(), column);
  const int size = sqlite3_column_bytes(statement_.get(), column);
  if (data == nullptr) return {};
  return {static_cast<const char*>(data), static_cast<std::size_t>(size)};
}

std::int64_t SqliteStatement::Number(int column) const {
  return sqlite3_column_int64(statement_.get(), column);
}

void SqliteStatement::Reset() {
  sqlite3_reset(statement_.get());
  sqlite3_clear_bindings(statement_.get());
}

SqliteConnection::SqliteConnection(sqlite3* database) : database_(database) {}

void SqliteConnection::Close::operator()(sqlite3* database) const { sqlite3_close_v2(database); }

absl::StatusOr<std::unique_ptr<SqliteConnection>> SqliteConnection::Connect(const std::string& path,
                                                                            int mode) {
  sqlite3* database = nullptr;
  const int code = sqlite3_open_v2(path.c_str(), &database, mode | SQLITE_OPEN_NOMUTEX, nullptr);
  // Owns the handle, which exists after a failed open too.
  std::unique_ptr<SqliteConnection> connection(new SqliteConnection(database));
  if (code != SQLITE_OK) return SqliteError(code, "open " + path, sqlite3_errstr(code));
  sqlite3_extended_result_codes(database, 1);
  connection->wait_ms_ = kWaitOpeningMs;
  sqlite3_busy_timeout(database, kWaitOpeningMs);
  return connection;
}

absl::StatusOr<std::unique_ptr<SqliteConnection>> SqliteConnection::OpenToRead(
    const std::string& path) {
  auto connection = Connect(path, SQLITE_OPEN_READONLY);
  if (!connection.ok()) return connection;
  const absl::Status set =
      (*connection)->Execute("PRAGMA cell_size_check=ON; PRAGMA trusted_schema=OFF;");
  if (!set.ok()) return set;
  return connection;
}

absl::StatusOr<std::unique_ptr<SqliteConnection>> SqliteConnection::Open(const std::string& path) {
  auto connected = Connect(path, SQLITE_OPEN_READWRITE);
  if (!connected.ok()) return connected;
  std::unique_ptr<SqliteConnection> connection = *std::move(connected);
  ASSIGN_OR_RETURN(const auto mode, connection->Ask("PRAGMA journal_mode=WAL"));
  if (mode != "wal") {
    return absl::FailedPreconditionError(
        absl::StrCat(path, ": the file system allows no write-ahead log; use a local disk"));
  }
  // A page cache of at most 8 MiB, taken as it is needed. The log file keeps its size over a
  // restart, so that appending to it changes no metadata.
  const absl::Status set = connection->Execute(
      "PRAGMA synchronous=FULL; PRAGMA secure_delete=ON; PRAGMA wal_autocheckpoint=0;"
      "PRAGMA journal_size_limit=67108864; PRAGMA cache_size=-8192; PRAGMA temp_store=MEMORY;"
      "PRAGMA cell_size_check=ON; PRAGMA trusted_schema=OFF;");
  if (!set.ok()) return set;
  // After wal_autocheckpoint, which takes the hook away.
  sqlite3_wal_hook(
      connection->database_.get(),
      [](void* self, sqlite3*, const char*, int pages) {
        static_cast<SqliteConnection*>(self)->log_pages_ = pages;
        return SQLITE_OK;
      },
      connection.get());
  return connection;
}

void SqliteConnection::WaitAsInService() {
  wait_ms_ = kWaitInServiceMs;
  sqlite3_busy_timeout(database_.get(), wait_ms_);
}

absl::Status SqliteConnection::Execute(const std::string& sql) {
  if (sqlite3_exec(database_.get(), sql.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK) {
    return Last(database_.get(), sql);
  }
  return absl::OkStatus();
}

absl::StatusOr<std::string> SqliteConnection::Ask(const std::string& sql) {
  ASSIGN_OR_RETURN(auto statement, Prepare(sql));
  ASSIGN_OR_RETURN(const auto row, statement.Step());
  if (!row) return absl::InternalError(sql + ": no answer");
  return std::string(statement.Bytes(0));
}

absl::StatusOr<SqliteStatement> SqliteConnection::Prepare(const std::string& sql) {
  sqlite3_stmt* statement = nullptr;
  if (sqlite3_prepare_v3(database_.get(), sql.c_str(), static_cast<int>(sql.size()),
                         SQLITE_PREPARE_PERSISTENT, &statement, nullptr) != SQLITE_OK) {
    return Last(database_.get(), sql);
  }
  SqliteStatement prepared;
  prepared.statement_.reset(statement);
  return prepared;
}

absl::Status SqliteConnection::RunCheckpoint(Checkpoint kind) {
  // It would wait with the writer's lock in its hand.
  sqlite3_busy_timeout(database_.get(), 0);
  const int code =
      sqlite3_wal_checkpoint_v2(database_.get(), nullptr, ModeOf(kind), nullptr, nullptr);
  const absl::Status run =
      code == SQLITE_OK ? absl::OkStatus() : Last(database_.get(), "checkpoint");
  sqlite3_busy_timeout(database_.get(), wait_ms_);
  return run;
}

absl::Status SqliteConnection::CopyTo(const std::string& path) {
  ASSIGN_OR_RETURN(auto copy, Connect(path, SQLITE_OPEN_READWRITE));
  sqlite3* target = copy->database_.get();
  sqlite3_backup* backup = sqlite3_backup_init(target, "main", database_.get(), "main");
  if (backup == nullptr) return Last(target, "copy");
  const int stepped = sqlite3_backup_step(backup, -1);
  const int finished = sqlite3_backup_finish(backup);
  if (stepped == SQLITE_DONE && finished == SQLITE_OK) return absl::OkStatus();
  return SqliteError(stepped == SQLITE_DONE ? finished : stepped, path + ": copy",
                     sqlite3_errstr(stepped == SQLITE_DONE ? finished : stepped));
}

bool SqliteConnection::in_transaction() const {
  return sqlite3_get_autocommit(database_.get()) == 0;
}

}  // namespace exitbus::adapters
