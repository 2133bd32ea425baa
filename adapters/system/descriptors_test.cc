#include "adapters/system/descriptors.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <string>
#include <vector>

namespace exitbus::adapters {
namespace {

// In a child process: what went wrong, 0 if nothing.
int Bounded() {
  const rlimit few{64, 256};
  if (setrlimit(RLIMIT_NOFILE, &few) != 0) return 1;
  if (!SetDescriptorsMax(200).ok()) return 2;
  std::vector<int> files;
  const std::uint32_t before = DescriptorsOpen();
  for (int i = 0; i < 100; ++i) files.push_back(open("/dev/null", O_RDONLY));
  if (files.back() < 0) return 3;
  if (DescriptorsOpen() != before + 100) return 4;
  const absl::Status refused = SetDescriptorsMax(300);
  if (refused.code() != absl::StatusCode::kFailedPrecondition) return 5;
  const std::string text(refused.message());
  if (text.find("limits.descriptors_max: is 300") == std::string::npos) return 6;
  if (text.find("allows this process 256") == std::string::npos) return 7;
  return 0;
}

TEST(DescriptorsTest, TheBoundIsSetOrRefusedWithTheRemedy) {
  const pid_t child = fork();
  ASSERT_GE(child, 0);
  if (child == 0) _exit(Bounded());
  int status = 0;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  ASSERT_TRUE(WIFEXITED(status));
  EXPECT_EQ(WEXITSTATUS(status), 0) << "see Bounded for what this step checks";
}

}  // namespace
}  // namespace exitbus::adapters
