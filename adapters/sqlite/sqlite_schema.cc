#include "adapters/sqlite/sqlite_schema.h"

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "services/exchange/ports/status_macros.h"
#include "services/exchange/ports/store.h"

namespace exitbus::adapters {
namespace {

constexpr int kApplicationId = 0x45584954;  // "EXIT"

constexpr char kRowsSql[] = R"(
CREATE TABLE IF NOT EXISTS "$" (key BLOB PRIMARY KEY NOT NULL, value BLOB NOT NULL) WITHOUT ROWID;
)";

constexpr char kPlacesSql[] = R"(
CREATE TABLE IF NOT EXISTS "$_places" (key BLOB PRIMARY KEY NOT NULL, place INTEGER NOT NULL)
  WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS "$_values" (place INTEGER PRIMARY KEY, value BLOB NOT NULL);
CREATE VIEW IF NOT EXISTS "$" AS
  SELECT key, value FROM "$_places" JOIN "$_values" USING (place);
CREATE TRIGGER IF NOT EXISTS "$_put" INSTEAD OF INSERT ON "$" BEGIN
  UPDATE "$_values" SET value = zeroblob(length(value))
    WHERE place = (SELECT place FROM "$_places" WHERE key = NEW.key);
  INSERT INTO "$_values" (value) VALUES (NEW.value);
  INSERT OR REPLACE INTO "$_places" (key, place) VALUES (NEW.key, last_insert_rowid());
END;
CREATE TRIGGER IF NOT EXISTS "$_erase" INSTEAD OF DELETE ON "$" BEGIN
  UPDATE "$_values" SET value = zeroblob(length(value))
    WHERE place = (SELECT place FROM "$_places" WHERE key = OLD.key);
  DELETE FROM "$_places" WHERE key = OLD.key;
END;
)";

// The table has one row.
constexpr char kRaiseSql[] = R"(
BEGIN IMMEDIATE;
CREATE TABLE IF NOT EXISTS fence (the INTEGER PRIMARY KEY CHECK (the = 1), epoch INTEGER NOT NULL);
INSERT INTO fence VALUES (1, 1) ON CONFLICT (the) DO UPDATE SET epoch = epoch + 1;
)";

// The name of the first that is not there, table or view; empty: all are.
absl::StatusOr<std::string> FirstMissing(SqliteConnection& connection) {
  for (int table = 0; table < exchange::kTableCount; ++table) {
    const std::string name(exchange::TableName(static_cast<exchange::Table>(table)));
    ASSIGN_OR_RETURN(const auto found,
                     connection.Ask(absl::StrCat(
                         "SELECT count(*) FROM sqlite_master WHERE name = '", name, "'")));
    if (found == "0") return name;
  }
  return "";
}

absl::Status CheckFormat(SqliteConnection& connection, const std::string& path, int expected) {
  ASSIGN_OR_RETURN(const auto application, connection.Ask("PRAGMA application_id"));
  ASSIGN_OR_RETURN(const auto format, connection.Ask("PRAGMA user_version"));
  if (application == "0" && format == "0") return absl::OkStatus();  // new
  if (application != std::to_string(kApplicationId)) {
    return absl::FailedPreconditionError(
        absl::StrCat(path, ": is the database of another program; name another file"));
  }
  if (format != std::to_string(expected)) {
    return absl::FailedPreconditionError(absl::StrCat(path, ": has format ", format,
                                                      ", this program wants format ", expected,
                                                      " there; run the version that wrote it"));
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status CreateTables(SqliteConnection& connection, const std::string& path,
                          SqliteLayout layout) {
  const int format = static_cast<int>(layout);
  RETURN_IF_ERROR(CheckFormat(connection, path, format));
  const auto missing = FirstMissing(connection);
  if (!missing.ok() || missing->empty()) return missing.status();
  std::string sql = "BEGIN IMMEDIATE;";
  for (int table = 0; table < exchange::kTableCount; ++table) {
    const std::string name(exchange::TableName(static_cast<exchange::Table>(table)));
    sql += absl::StrReplaceAll(layout == SqliteLayout::kRows ? kRowsSql : kPlacesSql,
                               {{"$", name.c_str()}});
  }
  absl::StrAppend(&sql, "PRAGMA application_id=", kApplicationId, ";PRAGMA user_version=", format,
                  ";COMMIT;");
  return connection.Execute(sql);
}

absl::StatusOr<std::int64_t> RaiseEpoch(SqliteConnection& connection) {
  RETURN_IF_ERROR(connection.Execute(kRaiseSql));
  // Before another one can raise it further.
  ASSIGN_OR_RETURN(const auto epoch, connection.Ask("SELECT epoch FROM fence"));
  RETURN_IF_ERROR(connection.Execute("COMMIT"));
  std::int64_t number = 0;
  if (absl::SimpleAtoi(epoch, &number)) return number;
  return absl::DataLossError("the store's epoch is no number; put a backup in its place");
}

absl::Status CheckTables(SqliteConnection& connection, const std::string& path,
                         SqliteLayout layout) {
  ASSIGN_OR_RETURN(const auto application, connection.Ask("PRAGMA application_id"));
  if (application != std::to_string(kApplicationId)) {
    return absl::FailedPreconditionError(
        absl::StrCat(path, ": is no store of this service; name its data folder"));
  }
  const int format = static_cast<int>(layout);
  RETURN_IF_ERROR(CheckFormat(connection, path, format));
  const auto missing = FirstMissing(connection);
  if (!missing.ok() || missing->empty()) return missing.status();
  return absl::FailedPreconditionError(
      absl::StrCat(path, ": has no table \"", *missing,
                   "\": an older version wrote it. Start its service once with this version"));
}

}  // namespace exitbus::adapters
