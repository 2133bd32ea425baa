// A connection to one SQLite file, and a prepared statement, with errors as absl::Status.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

struct sqlite3;
struct sqlite3_stmt;

namespace exitbus::adapters {

// UNAVAILABLE where trying again may help (busy, input/output), RESOURCE_EXHAUSTED for a full disk,
// DATA_LOSS for a damaged file, INTERNAL for what only our own mistake can cause.
absl::Status SqliteError(int code, std::string_view doing, std::string_view message);

// The file, if it is not there yet, with mode 0600: SQLite would create it readable for everyone,
// and its log takes the file's mode over. FAILED_PRECONDITION: it cannot be opened.
absl::Status CreateDatabaseFile(const std::string& path);

class SqliteStatement {
 public:
  SqliteStatement() = default;
  bool prepared() const { return statement_ != nullptr; }

  // Bytes are not copied: they must stay until the next Reset.
  absl::Status Bind(int parameter, std::string_view bytes);
  absl::Status Bind(int parameter, std::int64_t number);

  // True: a row is there. False: done.
  absl::StatusOr<bool> Step();
  std::string_view Bytes(int column) const;  // until the next Step or Reset
  std::int64_t Number(int column) const;
  void Reset();

 private:
  friend class SqliteConnection;
  struct Finalize {
    void operator()(sqlite3_stmt* statement) const;
  };
  std::unique_ptr<sqlite3_stmt, Finalize> statement_;
};

// Resets a statement at the end of its scope, so that no read transaction stays open.
class SqliteReset {
 public:
  explicit SqliteReset(SqliteStatement& statement) : statement_(statement) {}
  ~SqliteReset() { statement_.Reset(); }
  SqliteReset(const SqliteReset&) = delete;
  SqliteReset& operator=(const SqliteReset&) = delete;

 private:
  SqliteStatement& statement_;
};

// Used by one thread at a time.
class SqliteConnection {
 public:
  // With write-ahead log, synchronous=FULL and secure deletion. The file exists. Until
  // WaitAsInService it waits longer for other programs.
  static absl::StatusOr<std::unique_ptr<SqliteConnection>> Open(const std::string& path);
  // Reads only, beside a process that writes or without one.
  static absl::StatusOr<std::unique_ptr<SqliteConnection>> OpenToRead(const std::string& path);

  // From now on others wait for this one, so it waits for another program's lock a second at most.
  void WaitAsInService();

  absl::Status Execute(const std::string& sql);
  // The first column of the first row.
  absl::StatusOr<std::string> Ask(const std::string& sql);
  absl::StatusOr<SqliteStatement> Prepare(const std::string& sql);

  enum class Checkpoint { kPassive, kRestart, kTruncate };
  // Moves the log's pages into the file; kRestart all of them, so that the log begins anew;
  // kTruncate all of them, and the log is empty. The last two are UNAVAILABLE while another
  // connection reads; none of them waits for that.
  absl::Status RunCheckpoint(Checkpoint kind);

  // Copies the database into an empty file, as this connection's read transaction sees it. Nobody
  // who writes waits for it.
  absl::Status CopyTo(const std::string& path);

  // Pages in the log after this connection's last commit.
  int log_pages() const { return log_pages_; }
  bool in_transaction() const;

 private:
  struct Close {
    void operator()(sqlite3* database) const;
  };
  explicit SqliteConnection(sqlite3* database);
  static absl::StatusOr<std::unique_ptr<SqliteConnection>> Connect(const std::string& path,
                                                                   int mode);

  std::unique_ptr<sqlite3, Close> database_;
  int wait_ms_ = 0;  // for locks
  int log_pages_ = 0;
};

}  // namespace exitbus::adapters
