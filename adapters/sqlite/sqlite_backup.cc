#include "adapters/sqlite/sqlite_backup.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <memory>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "adapters/sqlite/sqlite_connection.h"
#include "adapters/sqlite/sqlite_schema.h"
#include "adapters/sqlite/sqlite_store.h"
#include "services/exchange/ports/status_macros.h"

namespace exitbus::adapters {
namespace {

constexpr int kTries = 1000;
constexpr absl::Duration kBetweenTries = absl::Milliseconds(2);

using Connection = std::unique_ptr<SqliteConnection>;

struct Moment {
  Connection journal;
  Connection keys;
};

absl::StatusOr<Connection> OpenAt(const std::string& path, SqliteLayout layout) {
  if (access(path.c_str(), F_OK) != 0) {
    return absl::NotFoundError(absl::StrCat(path, ": ", std::strerror(errno)));
  }
  auto connection = SqliteConnection::OpenToRead(path);
  if (!connection.ok()) return connection;
  RETURN_IF_ERROR(CheckTables(**connection, path, layout));
  return connection;
}

// From now on it reads what is committed now, and nothing newer.
absl::Status Begin(SqliteConnection& connection) {
  RETURN_IF_ERROR(connection.Execute("BEGIN"));
  return connection.Ask("SELECT count(*) FROM sqlite_master").status();
}

// Keys are made before the commit that needs them and destroyed after the one that erases, so the
// two agree at any moment at which nothing of the journal was being committed.
absl::StatusOr<Moment> OpenAtOneMoment(const std::string& data_folder) {
  ASSIGN_OR_RETURN(auto journal, OpenAt(JournalIn(data_folder), SqliteLayout::kRows));
  ASSIGN_OR_RETURN(auto keys, OpenAt(KeysIn(data_folder), SqliteLayout::kPlaces));
  // A connection that is in no transaction sees by this number that another has committed.
  ASSIGN_OR_RETURN(auto witness, SqliteConnection::OpenToRead(JournalIn(data_folder)));
  for (int i = 0; i < kTries; ++i) {
    const auto before = witness->Ask("PRAGMA data_version");
    absl::Status begun = Begin(*journal);
    if (begun.ok()) begun = Begin(*keys);
    if (!begun.ok()) return begun;
    const auto after = witness->Ask("PRAGMA data_version");
    if (!before.ok() || !after.ok()) return before.ok() ? after.status() : before.status();
    if (*before == *after) return Moment{std::move(journal), std::move(keys)};
    absl::Status ended = journal->Execute("ROLLBACK");
    ended.Update(keys->Execute("ROLLBACK"));
    if (!ended.ok()) return ended;
    absl::SleepFor(kBetweenTries);
  }
  return absl::UnavailableError(
      absl::StrCat(data_folder, ": its service writes without a pause; try again"));
}

absl::Status Copy(SqliteConnection& from, const std::string& to) {
  RETURN_IF_ERROR(CreateDatabaseFile(to));
  RETURN_IF_ERROR(from.CopyTo(to));
  ASSIGN_OR_RETURN(auto copy, SqliteConnection::Open(to));
  ASSIGN_OR_RETURN(const auto whole, copy->Ask("PRAGMA quick_check(1)"));
  return whole == "ok" ? absl::OkStatus() : absl::DataLossError(absl::StrCat(to, ": ", whole));
}

absl::Status SyncFolder(const std::string& folder) {
  const int file = open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  const bool synced = file >= 0 && fsync(file) == 0;
  const std::string why = std::strerror(errno);
  if (file >= 0) close(file);
  return synced ? absl::OkStatus() : absl::UnavailableError(absl::StrCat(folder, ": ", why));
}

absl::Status CopyBoth(Moment moment, const std::string& out) {
  // The keys first: until it is copied, what the service erases there leaves a trace.
  RETURN_IF_ERROR(Copy(*moment.keys, KeysIn(out)));
  moment.keys = nullptr;
  RETURN_IF_ERROR(Copy(*moment.journal, JournalIn(out)));
  return SyncFolder(out);
}

}  // namespace

absl::Status CopyStores(const std::string& data_folder, const std::string& out) {
  ASSIGN_OR_RETURN(auto moment, OpenAtOneMoment(data_folder));
  if (mkdir(out.c_str(), 0700) != 0) {
    const int error = errno;
    const std::string why = absl::StrCat(out, ": ", std::strerror(error));
    return error == EEXIST ? absl::AlreadyExistsError(why + "; name a new folder")
                           : absl::UnavailableError(why);
  }
  absl::Status copied = CopyBoth(std::move(moment), out);
  std::error_code ignored;
  if (!copied.ok()) std::filesystem::remove_all(out, ignored);
  return copied;
}

}  // namespace exitbus::adapters
