#include "adapters/sqlite/sqlite_store.h"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <limits>
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "adapters/sqlite/sqlite_checkpointer.h"
#include "adapters/sqlite/sqlite_connection.h"
#include "adapters/sqlite/sqlite_schema.h"
#include "services/exchange/ports/status_macros.h"

namespace exitbus::adapters {
namespace {

using exchange::Durability;
using exchange::Row;
using exchange::RowName;
using exchange::Table;
using exchange::Write;

// The least key greater than every key with `prefix`; nullopt if there is none.
std::optional<std::string> PrefixEnd(std::string_view prefix) {
  std::string end(prefix);
  while (!end.empty() && end.back() == '\xff') end.pop_back();
  if (end.empty()) return std::nullopt;
  end.back() = static_cast<char>(static_cast<unsigned char>(end.back()) + 1);
  return end;
}

class SqliteStore final : public exchange::Store {
 public:
  SqliteStore(std::unique_ptr<SqliteConnection> connection,
              std::unique_ptr<SqliteCheckpointer> checkpointer, std::int64_t epoch,
              const SqliteOptions& options)
      : options_(options),
        epoch_(epoch),
        connection_(std::move(connection)),
        checkpointer_(std::move(checkpointer)) {}

  absl::StatusOr<std::optional<std::string>> Get(Table table, std::string_view key) override;
  absl::StatusOr<std::vector<std::optional<std::string>>> GetMany(
      const std::vector<RowName>& rows) override;
  absl::StatusOr<std::vector<Row>> Scan(Table table, std::string_view prefix,
                                        std::string_view after, std::size_t limit) override;

 private:
  enum class Verb { kGet, kScanTo, kScan, kPut, kErase, kEpoch, kBeginRead, kBegin, kCommit };
  static constexpr int kVerbCount = 9;

  absl::Status CommitAll(Durability durability, const std::vector<Write>& writes) override;
  std::string Sql(Verb verb, Table table) const;
  // Prepared once, at first use.
  absl::StatusOr<SqliteStatement*> Prepared(Verb verb, Table table);
  absl::Status Run(Verb verb, Table table = Table::kMeta, const std::string* key = nullptr,
                   const std::string* value = nullptr);
  absl::StatusOr<std::vector<std::optional<std::string>>> GetEach(const std::vector<RowName>& rows);
  absl::Status CheckEpoch();
  absl::Status WriteAll(const std::vector<Write>& writes);
  absl::Status CommitOnce(Durability durability, const std::vector<Write>& writes);
  absl::Status Use(Durability durability);
  void RollBack();

  const SqliteOptions options_;
  const std::int64_t epoch_;                      // that this store was opened in
  Durability durability_ = Durability::kDurable;  // as the connection was opened
  const std::unique_ptr<SqliteConnection> connection_;
  std::array<std::array<SqliteStatement, kVerbCount>, exchange::kTableCount> statements_;
  // Stops before the connection closes, so that the last one copies and removes the log. None in a
  // store that is only read.
  const std::unique_ptr<SqliteCheckpointer> checkpointer_;
};

std::string SqliteStore::Sql(Verb verb, Table table) const {
  const std::string name = "\"" + std::string(exchange::TableName(table)) + "\"";
  switch (verb) {
    case Verb::kGet:
      return "SELECT value FROM " + name + " WHERE key = ?1";
    case Verb::kScanTo:
      return "SELECT key, value FROM " + name +
             " WHERE key >= ?1 AND key < ?3 ORDER BY key LIMIT ?2";
    case Verb::kScan:
      return "SELECT key, value FROM " + name + " WHERE key >= ?1 ORDER BY key LIMIT ?2";
    case Verb::kPut:
      // A view takes no ON CONFLICT; its trigger replaces.
      if (options_.leave_no_trace) return "INSERT INTO " + name + " (key, value) VALUES (?1, ?2)";
      return "INSERT INTO " + name +
             " (key, value) VALUES (?1, ?2) ON CONFLICT (key) DO UPDATE SET value = excluded.value";
    case Verb::kErase:
      return "DELETE FROM " + name + " WHERE key = ?1";
    case Verb::kEpoch:
      return "SELECT epoch FROM fence";
    case Verb::kBeginRead:
      return "BEGIN";
    case Verb::kBegin:
      return "BEGIN IMMEDIATE";
    case Verb::kCommit:
      return "COMMIT";
  }
  return "";
}

absl::StatusOr<SqliteStatement*> SqliteStore::Prepared(Verb verb, Table table) {
  SqliteStatement& statement =
      statements_[static_cast<std::size_t>(table)][static_cast<std::size_t>(verb)];
  if (!statement.prepared()) {
    ASSIGN_OR_RETURN(statement, connection_->Prepare(Sql(verb, table)));
  }
  return &statement;
}

absl::StatusOr<std::optional<std::string>> SqliteStore::Get(Table table, std::string_view key) {
  ASSIGN_OR_RETURN(const auto statement, Prepared(Verb::kGet, table));
  const SqliteReset reset(*statement);
  RETURN_IF_ERROR(statement->Bind(1, key));
  ASSIGN_OR_RETURN(const auto row, statement->Step());
  if (!row) return std::nullopt;
  return std::string(statement->Bytes(0));
}

absl::StatusOr<std::vector<std::optional<std::string>>> SqliteStore::GetMany(
    const std::vector<RowName>& rows) {
  // Many are read in one transaction, a snapshot in the one that is open as long as the store is.
  if (rows.size() < 2 || connection_->in_transaction()) return GetEach(rows);
  RETURN_IF_ERROR(Run(Verb::kBeginRead));
  auto values = GetEach(rows);
  if (absl::Status ended = Run(Verb::kCommit); !ended.ok()) {
    RollBack();
    if (values.ok()) return ended;
  }
  return values;
}

absl::StatusOr<std::vector<std::optional<std::string>>> SqliteStore::GetEach(
    const std::vector<RowName>& rows) {
  std::vector<std::optional<std::string>> values;
  values.reserve(rows.size());
  for (const RowName& row : rows) {
    ASSIGN_OR_RETURN(auto value, Get(row.table, row.key));
    values.push_back(std::move(value));
  }
  return values;
}

absl::StatusOr<std::vector<Row>> SqliteStore::Scan(Table table, std::string_view prefix,
                                                   std::string_view after, std::size_t limit) {
  const std::optional<std::string> end = PrefixEnd(prefix);
  // The least key greater than `after` is `after` and a zero byte.
  const bool from_after = !after.empty() && after >= prefix;
  const std::string from = from_after ? std::string(after) + '\0' : std::string(prefix);
  ASSIGN_OR_RETURN(const auto statement,
                   Prepared(end.has_value() ? Verb::kScanTo : Verb::kScan, table));
  const SqliteReset reset(*statement);
  const auto limit_rows = static_cast<std::int64_t>(
      std::min(limit, static_cast<std::size_t>(std::numeric_limits<std::int64_t>::max())));
  absl::Status bound = statement->Bind(1, from);
  if (bound.ok()) bound = statement->Bind(2, limit_rows);
  if (bound.ok() && end.has_value()) bound = statement->Bind(3, *end);
  if (!bound.ok()) return bound;
  std::vector<Row> rows;
  for (;;) {
    ASSIGN_OR_RETURN(const auto row, statement->Step());
    if (!row) return rows;
    rows.push_back({std::string(statement->Bytes(0)), std::string(statement->Bytes(1))});
  }
}

absl::Status SqliteStore::Run(Verb verb, Table table, const std::string* key,
                              const std::string* value) {
  ASSIGN_OR_RETURN(const auto statement, Prepared(verb, table));
  const SqliteReset reset(*statement);
  absl::Status bound;
  if (key != nullptr) bound = statement->Bind(1, *key);
  if (bound.ok() && value != nullptr) bound = statement->Bind(2, *value);
  if (!bound.ok()) return bound;
  return statement->Step().status();
}

absl::Status SqliteStore::WriteAll(const std::vector<Write>& writes) {
  for (const Write& write : writes) {
    const absl::Status written = write.value.has_value()
                                     ? Run(Verb::kPut, write.table, &write.key, &*write.value)
                                     : Run(Verb::kErase, write.table, &write.key);
    if (!written.ok()) return written;
  }
  return Run(Verb::kCommit);
}

// In a write-ahead log NORMAL syncs no commit, and FULL the whole log, what came before included.
absl::Status SqliteStore::Use(Durability durability) {
  if (durability == durability_) return absl::OkStatus();
  const absl::Status used = connection_->Execute(
      durability == Durability::kDurable ? "PRAGMA synchronous=FULL" : "PRAGMA synchronous=NORMAL");
  if (used.ok()) durability_ = durability;
  return used;
}

// SQLite has rolled back by itself after some errors; the first error is the one to tell.
void SqliteStore::RollBack() {
  if (connection_->in_transaction()) connection_->Execute("ROLLBACK").IgnoreError();
}

absl::Status SqliteStore::CommitAll(Durability durability, const std::vector<Write>& writes) {
  if (writes.empty()) return absl::OkStatus();
  if (checkpointer_ == nullptr) return absl::FailedPreconditionError("the store is only read");
  absl::Status committed = CommitOnce(durability, writes);
  if (absl::IsResourceExhausted(committed) && options_.make_room && options_.make_room()) {
    committed = CommitOnce(durability, writes);
  }
  if (exchange::IsTakenOver(committed) && options_.taken_over) options_.taken_over();
  return committed;
}

// Within the transaction that writes, so that nobody takes the store over in between.
absl::Status SqliteStore::CheckEpoch() {
  ASSIGN_OR_RETURN(const auto statement, Prepared(Verb::kEpoch, Table::kMeta));
  const SqliteReset reset(*statement);
  ASSIGN_OR_RETURN(const auto row, statement->Step());
  return row && statement->Number(0) == epoch_ ? absl::OkStatus() : exchange::TakenOver();
}

absl::Status SqliteStore::CommitOnce(Durability durability, const std::vector<Write>& writes) {
  RETURN_IF_ERROR(Use(durability));
  RETURN_IF_ERROR(Run(Verb::kBegin));
  absl::Status written = CheckEpoch();
  if (written.ok()) written = WriteAll(writes);
  if (!written.ok()) {
    RollBack();
    return written;
  }
  const bool erased = std::any_of(writes.begin(), writes.end(),
                                  [](const Write& write) { return !write.value.has_value(); });
  if (options_.leave_no_trace && erased) {
    checkpointer_->Empty(*connection_);
  } else {
    checkpointer_->Committed(*connection_);
  }
  return absl::OkStatus();
}

}  // namespace

std::string JournalIn(const std::string& data_folder) { return data_folder + "/journal.sqlite"; }
std::string KeysIn(const std::string& data_folder) { return data_folder + "/keys.sqlite"; }

absl::StatusOr<std::unique_ptr<exchange::Store>> OpenSqliteStore(const std::string& path,
                                                                 const SqliteOptions& options) {
  RETURN_IF_ERROR(CreateDatabaseFile(path));
  ASSIGN_OR_RETURN(auto connection, SqliteConnection::Open(path));
  const SqliteLayout layout = options.leave_no_trace ? SqliteLayout::kPlaces : SqliteLayout::kRows;
  RETURN_IF_ERROR(CreateTables(*connection, path, layout));
  ASSIGN_OR_RETURN(const auto epoch, RaiseEpoch(*connection));
  connection->WaitAsInService();
  ASSIGN_OR_RETURN(auto checkpointer, SqliteCheckpointer::Start(path, options.telemetry));
  // A crash may have left in the log what was erased.
  if (options.leave_no_trace) checkpointer->Empty(*connection);
  return std::make_unique<SqliteStore>(std::move(connection), std::move(checkpointer), epoch,
                                       options);
}

absl::StatusOr<std::unique_ptr<exchange::Store>> OpenSqliteSnapshot(const std::string& path) {
  if (access(path.c_str(), F_OK) != 0) {
    return absl::NotFoundError(absl::StrCat(path, ": ", std::strerror(errno)));
  }
  ASSIGN_OR_RETURN(auto connection, SqliteConnection::OpenToRead(path));
  // One read transaction, open as long as the store is.
  RETURN_IF_ERROR(connection->Execute("BEGIN"));
  RETURN_IF_ERROR(CheckTables(*connection, path, SqliteLayout::kRows));
  return std::make_unique<SqliteStore>(std::move(connection), nullptr, 0, SqliteOptions{});
}

}  // namespace exitbus::adapters
