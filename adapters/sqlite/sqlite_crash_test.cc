// What the store does when its process is killed and when its disk is full. Each in a child
// process, because both end or limit the process.
#include <gtest/gtest.h>
#include <sched.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string>

#include "adapters/memory/test_folder.h"
#include "adapters/sqlite/sqlite_store.h"

namespace exitbus::adapters {
namespace {

using exchange::Store;
using exchange::Table;

std::string Key(std::int64_t number) { return std::to_string(1'000'000 + number); }

// Commits one number after another, each in two tables, and acknowledges each on `acknowledge`.
[[noreturn]] void CommitUntilKilled(const std::string& path, std::int64_t first, int acknowledge) {
  auto store = OpenSqliteStore(path);
  if (!store.ok()) _exit(1);
  for (std::int64_t number = first;; ++number) {
    const std::string value(static_cast<std::size_t>(number % 9000), 'v');
    if (!(*store)
             ->Commit(exchange::Durability::kDurable,
                      {{Table::kJournal, Key(number), value}, {Table::kOutbox, Key(number), "o"}})
             .ok()) {
      _exit(1);
    }
    if (write(acknowledge, &number, sizeof(number)) != sizeof(number)) _exit(1);
  }
}

TEST(SqliteCrashTest, KilledInTheMiddleOfCommitsLosesNothingAcknowledged) {
  const TestFolder folder;
  const std::string path = folder.path() + "/store.db";
  std::int64_t acknowledged = 0;
  for (int round = 0; round < 8; ++round) {
    int pipes[2];
    ASSERT_EQ(pipe(pipes), 0);
    const pid_t child = fork();
    ASSERT_GE(child, 0);
    if (child == 0) CommitUntilKilled(path, acknowledged + 1, pipes[1]);
    close(pipes[1]);
    std::int64_t number = 0;
    const std::int64_t enough = acknowledged + 40 + round * 13;
    while (number < enough && read(pipes[0], &number, sizeof(number)) == sizeof(number)) {
    }
    kill(child, SIGKILL);
    while (read(pipes[0], &number, sizeof(number)) == sizeof(number)) {
    }
    close(pipes[0]);
    int status = 0;
    ASSERT_EQ(waitpid(child, &status, 0), child);
    ASSERT_TRUE(WIFSIGNALED(status));
    ASSERT_GE(number, enough);

    auto store = OpenSqliteStore(path);
    ASSERT_TRUE(store.ok()) << store.status();
    const auto journal = (*store)->Scan(Table::kJournal, "", "", 100'000);
    const auto outbox = (*store)->Scan(Table::kOutbox, "", "", 100'000);
    ASSERT_TRUE(journal.ok() && outbox.ok());
    // All that was acknowledged, and at most the one under way; whole or not at all.
    ASSERT_GE(journal->size(), static_cast<std::size_t>(number));
    ASSERT_LE(journal->size(), static_cast<std::size_t>(number) + 1);
    ASSERT_EQ(journal->size(), outbox->size());
    for (std::size_t i = 0; i < journal->size(); ++i) {
      ASSERT_EQ((*journal)[i].key, Key(static_cast<std::int64_t>(i) + 1));
      ASSERT_EQ((*journal)[i].value.size(), (i + 1) % 9000);
    }
    acknowledged = static_cast<std::int64_t>(journal->size());
  }
}

// Returns what went wrong, 0 if nothing: the child's exit code.
int FillTheDisk(const std::string& path) {
  signal(SIGXFSZ, SIG_IGN);
  auto store = OpenSqliteStore(path);
  if (!store.ok()) return 1;
  const rlimit limited{2 << 20, RLIM_INFINITY};
  if (setrlimit(RLIMIT_FSIZE, &limited) != 0) return 2;
  const std::string value(50'000, 'v');
  int committed = 0;
  absl::Status failed;
  while (failed.ok() && committed < 1000) {
    failed = (*store)->Commit(exchange::Durability::kDurable,
                              {{Table::kStates, Key(committed), value},
                               {Table::kMeta, "committed", std::to_string(committed + 1)}});
    if (failed.ok()) ++committed;
  }
  if (failed.code() != absl::StatusCode::kUnavailable) return 3;
  if (committed < 10) return 4;
  if ((*store)->Get(Table::kMeta, "committed").value() != std::to_string(committed)) return 5;
  if ((*store)->Get(Table::kStates, Key(committed)).value() != std::nullopt) return 6;
  if ((*store)->Get(Table::kStates, Key(committed - 1)).value() != value) return 7;
  const rlimit freed{RLIM_INFINITY, RLIM_INFINITY};
  if (setrlimit(RLIMIT_FSIZE, &freed) != 0) return 8;
  if (!(*store)
           ->Commit(exchange::Durability::kDurable, {{Table::kMeta, "committed", "again"}})
           .ok())
    return 9;
  store->reset();
  auto reopened = OpenSqliteStore(path);
  if (!reopened.ok()) return 10;
  if ((*reopened)->Get(Table::kMeta, "committed").value() != "again") return 11;
  return 0;
}

TEST(SqliteCrashTest, AFullDiskIsUnavailableAndPasses) {
  const TestFolder folder;
  const pid_t child = fork();
  ASSERT_GE(child, 0);
  if (child == 0) _exit(FillTheDisk(folder.path() + "/store.db"));
  int status = 0;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  ASSERT_TRUE(WIFEXITED(status));
  EXPECT_EQ(WEXITSTATUS(status), 0) << "see FillTheDisk for what this step checks";
}

constexpr int kMayNotMount = 77;

// On a disk of four mebibytes of its own. Returns what went wrong, 0 if nothing.
int FillARealDisk(const std::string& folder) {
  if (unshare(CLONE_NEWNS) != 0 || mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0 ||
      mount("none", folder.c_str(), "tmpfs", 0, "size=4m") != 0) {
    return kMayNotMount;
  }
  int asked = 0;
  const std::string reserve = folder + "/reserve";
  if (!std::ofstream(reserve).write(std::string(1 << 20, 'r').data(), 1 << 20)) return 1;
  const auto make_room = [&] { return ++asked == 1 && std::filesystem::remove(reserve); };
  auto store = OpenSqliteStore(folder + "/store.db", {.make_room = make_room});
  if (!store.ok()) return 2;
  const std::string value(50'000, 'v');
  int committed = 0;
  absl::Status failed;
  while (failed.ok() && committed < 1000) {
    failed =
        (*store)->Commit(exchange::Durability::kDurable, {{Table::kStates, Key(committed), value}});
    if (failed.ok()) ++committed;
    if (asked == 1 && failed.ok()) break;
  }
  if (!failed.ok() || asked != 1) return 3;  // the one that found the disk full has room
  while (failed.ok() && committed < 1000) {
    failed =
        (*store)->Commit(exchange::Durability::kDurable, {{Table::kStates, Key(committed), value}});
    if (failed.ok()) ++committed;
  }
  if (failed.code() != absl::StatusCode::kResourceExhausted) return 4;
  if (asked != 2) return 5;
  if ((*store)->Get(Table::kStates, Key(committed)).value() != std::nullopt) return 6;
  if ((*store)->Get(Table::kStates, Key(committed - 1)).value() != value) return 7;
  return 0;
}

TEST(SqliteCrashTest, AFullDiskIsToldApartAndRoomThatIsMadeIsUsed) {
  const TestFolder folder;
  const pid_t child = fork();
  ASSERT_GE(child, 0);
  if (child == 0) _exit(FillARealDisk(folder.path()));
  int status = 0;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  ASSERT_TRUE(WIFEXITED(status));
  if (WEXITSTATUS(status) == kMayNotMount) GTEST_SKIP() << "may not mount a file system here";
  EXPECT_EQ(WEXITSTATUS(status), 0) << "see FillARealDisk for what this step checks";
}

}  // namespace
}  // namespace exitbus::adapters
