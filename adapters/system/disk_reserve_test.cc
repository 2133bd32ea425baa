// On a disk of eight mebibytes, which a child process mounts for itself.
#include "adapters/system/disk_reserve.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <functional>
#include <string>

#include "adapters/memory/test_folder.h"

namespace exitbus::adapters {
namespace {

constexpr int kMayNotMount = 77;
constexpr std::uint64_t kMebibyte = 1 << 20;

// Runs `steps` with a small disk mounted at `folder`; its exit code.
int WithASmallDisk(const std::string& folder, const std::function<int()>& steps) {
  const pid_t child = fork();
  if (child == 0) {
    const bool mounted = unshare(CLONE_NEWNS) == 0 &&
                         mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0 &&
                         mount("none", folder.c_str(), "tmpfs", 0, "size=8m") == 0;
    _exit(mounted ? steps() : kMayNotMount);
  }
  int status = 0;
  if (child < 0 || waitpid(child, &status, 0) != child || !WIFEXITED(status)) return -1;
  return WEXITSTATUS(status);
}

// Writes until the disk takes no more, or `most` is written.
void Fill(const std::string& path, std::uint64_t most) {
  const int file = open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600);
  const std::string page(4096, 'x');
  for (std::uint64_t i = 0; i < most && write(file, page.data(), page.size()) > 0; i += 4096) {
  }
  close(file);
}

int GivesUpAndSetsAside(const std::string& folder) {
  auto reserve = DiskReserve::Open(folder + "/reserve", 2 * kMebibyte);
  if (!reserve.ok()) return 1;
  if ((*reserve)->IsFull()) return 2;
  if (std::filesystem::file_size(folder + "/reserve") != 2 * kMebibyte) return 3;
  Fill(folder + "/filler", 4 * kMebibyte);
  if ((*reserve)->IsFull()) return 4;
  Fill(folder + "/filler", 8 * kMebibyte);
  if (!(*reserve)->IsFull()) return 5;  // and there is room for others now
  if (std::filesystem::file_size(folder + "/reserve") != 0) return 6;
  Fill(folder + "/precaution", kMebibyte);
  if (std::filesystem::file_size(folder + "/precaution") != kMebibyte) return 7;
  if (!(*reserve)->IsFull()) return 8;
  if ((*reserve)->GiveUp()) return 9;  // there is nothing left to give up
  std::filesystem::remove(folder + "/filler");
  if ((*reserve)->IsFull()) return 10;
  if (std::filesystem::file_size(folder + "/reserve") != 2 * kMebibyte) return 11;
  if (!(*reserve)->GiveUp()) return 12;
  return 0;
}

int BeginsFull(const std::string& folder) {
  Fill(folder + "/filler", 8 * kMebibyte);
  auto reserve = DiskReserve::Open(folder + "/reserve", 2 * kMebibyte);
  if (!reserve.ok()) return 1;
  if (!(*reserve)->IsFull()) return 2;
  if (std::filesystem::file_size(folder + "/reserve") != 0) return 3;
  return 0;
}

TEST(DiskReserveTest, IsGivenUpWhenTheDiskIsFullAndSetAsideAgainWhenThereIsRoom) {
  const TestFolder folder;
  const int step =
      WithASmallDisk(folder.path(), [&] { return GivesUpAndSetsAside(folder.path()); });
  if (step == kMayNotMount) GTEST_SKIP() << "may not mount a file system here";
  EXPECT_EQ(step, 0) << "see GivesUpAndSetsAside for what this step checks";
}

TEST(DiskReserveTest, ADiskThatIsFullFromTheStartIsNoMistake) {
  const TestFolder folder;
  const int step = WithASmallDisk(folder.path(), [&] { return BeginsFull(folder.path()); });
  if (step == kMayNotMount) GTEST_SKIP() << "may not mount a file system here";
  EXPECT_EQ(step, 0) << "see BeginsFull for what this step checks";
}

}  // namespace
}  // namespace exitbus::adapters
