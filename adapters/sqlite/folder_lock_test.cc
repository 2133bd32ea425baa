#include "adapters/sqlite/folder_lock.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>

#include "adapters/memory/test_folder.h"

namespace exitbus::adapters {
namespace {

using testing::HasSubstr;

TEST(FolderLockTest, CreatesTheFolderForItsOwnerOnly) {
  const TestFolder parent;
  const std::string folder = parent.path() + "/a/b";
  const auto lock = FolderLock::Acquire(folder);
  ASSERT_TRUE(lock.ok()) << lock.status();
  EXPECT_EQ(std::filesystem::status(folder).permissions(), std::filesystem::perms::owner_all);
}

TEST(FolderLockTest, ASecondIsRefusedUntilTheFirstLetsGo) {
  const TestFolder folder;
  {
    const auto first = FolderLock::Acquire(folder.path());
    ASSERT_TRUE(first.ok()) << first.status();
    const auto second = FolderLock::Acquire(folder.path());
    EXPECT_EQ(second.status().code(), absl::StatusCode::kFailedPrecondition);
    const std::string message(second.status().message());
    EXPECT_THAT(message, HasSubstr(folder.path()));
    EXPECT_THAT(message, HasSubstr("process " + std::to_string(getpid()) + ";"));
  }
  EXPECT_TRUE(FolderLock::Acquire(folder.path()).ok());
}

TEST(FolderLockTest, AKilledProcessHoldsNothing) {
  const TestFolder folder;
  int ready[2];
  ASSERT_EQ(pipe(ready), 0);
  const pid_t child = fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    const auto lock = FolderLock::Acquire(folder.path());
    const char answer = lock.ok() ? 'y' : 'n';
    if (write(ready[1], &answer, 1) != 1) _exit(1);
    pause();
    _exit(1);
  }
  char answer = 0;
  ASSERT_EQ(read(ready[0], &answer, 1), 1);
  EXPECT_EQ(answer, 'y');
  const auto refused = FolderLock::Acquire(folder.path());
  EXPECT_THAT(std::string(refused.status().message()),
              HasSubstr("process " + std::to_string(child) + ";"));
  kill(child, SIGKILL);
  ASSERT_EQ(waitpid(child, nullptr, 0), child);
  EXPECT_TRUE(FolderLock::Acquire(folder.path()).ok());
  close(ready[0]);
  close(ready[1]);
}

TEST(FolderLockTest, AFileInTheWayIsNamed) {
  const auto lock = FolderLock::Acquire("/dev/null/folder");
  EXPECT_EQ(lock.status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(std::string(lock.status().message()), HasSubstr("/dev/null/folder"));
}

}  // namespace
}  // namespace exitbus::adapters
