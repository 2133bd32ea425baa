#include "tests/bench/commits.h"

#include <sqlite3.h>

#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "services/exchange/ports/status_macros.h"

namespace exitbus::bench {
namespace {

constexpr absl::Duration kLook = absl::Microseconds(100);
constexpr absl::Duration kWait = absl::Milliseconds(2);
constexpr int kBusyTimeoutMs = 1000;

}  // namespace

void Commits::Close::operator()(sqlite3* database) const { sqlite3_close_v2(database); }
void Commits::Close::operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }

absl::StatusOr<Commits::Statement> Commits::Prepare(const std::string& sql) {
  sqlite3_stmt* found = nullptr;
  if (sqlite3_prepare_v2(database_.get(), sql.c_str(), -1, &found, nullptr) != SQLITE_OK) {
    return absl::InternalError(absl::StrCat(sql, ": ", sqlite3_errmsg(database_.get())));
  }
  return Statement(found);
}

absl::StatusOr<std::unique_ptr<Commits>> Commits::Watch(const std::string& journal,
                                                        const std::string& table) {
  std::unique_ptr<Commits> commits(new Commits);
  sqlite3* opened = nullptr;
  const int code = sqlite3_open_v2(journal.c_str(), &opened, SQLITE_OPEN_READONLY, nullptr);
  commits->database_.reset(opened);
  if (code != SQLITE_OK) return absl::InternalError(journal + ": " + sqlite3_errstr(code));
  sqlite3_busy_timeout(opened, kBusyTimeoutMs);
  ASSIGN_OR_RETURN(commits->find_,
                   commits->Prepare("SELECT 1 FROM \"" + table + "\" WHERE key = ?1"));
  ASSIGN_OR_RETURN(commits->any_, commits->Prepare("SELECT 1 FROM \"" + table +
                                                   "\" WHERE instr(key, ?1) LIMIT 1"));
  commits->thread_ = std::thread([watch = commits.get()] { watch->Run(); });
  return commits;
}

Commits::~Commits() {
  stopping_ = true;
  if (thread_.joinable()) thread_.join();
}

void Commits::Await(std::string key, absl::Time since) {
  const std::lock_guard<std::mutex> lock(mutex_);
  awaited_.push_back({std::move(key), since});
}

bool Commits::Has(const std::string& key) {
  sqlite3_bind_blob(find_.get(), 1, key.data(), static_cast<int>(key.size()), SQLITE_STATIC);
  const bool found = sqlite3_step(find_.get()) == SQLITE_ROW;
  sqlite3_reset(find_.get());
  return found;
}

void Commits::Run() {
  while (!stopping_) {
    absl::SleepFor(kLook);
    const std::lock_guard<std::mutex> lock(mutex_);
    std::erase_if(awaited_, [this](const Awaited& awaited) {
      if (!Has(awaited.key)) return false;
      took_.push_back(absl::Now() - awaited.since);
      return true;
    });
  }
}

absl::StatusOr<std::vector<absl::Duration>> Commits::Take(std::size_t count, absl::Duration limit) {
  const absl::Time end = absl::Now() + limit;
  while (true) {
    {
      const std::lock_guard<std::mutex> lock(mutex_);
      if (took_.size() >= count) return std::exchange(took_, {});
      if (absl::Now() > end) {
        return absl::DeadlineExceededError(
            absl::StrCat(took_.size(), " of ", count, " letters came"));
      }
    }
    absl::SleepFor(kWait);
  }
}

absl::Status Commits::AwaitNone(absl::Duration limit, const std::string& part) {
  const absl::Time end = absl::Now() + limit;
  while (absl::Now() < end) {
    {
      const std::lock_guard<std::mutex> lock(mutex_);
      sqlite3_bind_blob(any_.get(), 1, part.data(), static_cast<int>(part.size()), SQLITE_STATIC);
      const int code = sqlite3_step(any_.get());
      sqlite3_reset(any_.get());
      if (code == SQLITE_DONE) return absl::OkStatus();
    }
    absl::SleepFor(kWait);
  }
  return absl::DeadlineExceededError("the outbox does not empty");
}

}  // namespace exitbus::bench
