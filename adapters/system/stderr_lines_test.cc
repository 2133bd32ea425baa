#include "adapters/system/stderr_lines.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <sstream>
#include <string>

namespace exitbus::adapters {
namespace {

constexpr int kLines = 3 * static_cast<int>(StderrLines::kWaitingMax);
constexpr int kEndsWithinS = 60;  // a hanging child is killed, which fails the test
const std::string kLine(500, 'x');

// A child process whose stderr is a pipe that nobody reads before it has ended.
TEST(StderrLinesTest, APipeThatIsNotReadHoldsNobodyUp) {
  int ends[2];
  ASSERT_EQ(pipe(ends), 0);
  const pid_t child = fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    alarm(kEndsWithinS);
    dup2(ends[1], STDERR_FILENO);
    std::uint64_t lost = 0;
    {
      StderrLines lines;
      for (int i = 0; i < kLines; ++i) lines.Write(kLine);
      lost = lines.lost();
    }
    _exit(lost > 0 && lost < kLines ? 0 : 1);
  }
  close(ends[1]);
  int status = 0;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0) << status;
  std::string text(1 << 20, '\0');
  const ssize_t size = read(ends[0], text.data(), text.size());
  ASSERT_GT(size, 0);
  std::istringstream read_in_the_end(text.substr(0, static_cast<std::size_t>(size)));
  std::string first;
  ASSERT_TRUE(std::getline(read_in_the_end, first));
  EXPECT_EQ(first, kLine);
  close(ends[0]);
}

TEST(StderrLinesTest, WhatWaitsIsWrittenInTheEndAndInOrder) {
  testing::internal::CaptureStderr();
  {
    StderrLines lines;
    for (int i = 0; i < 100; ++i) lines.Write(std::to_string(i) + " {}");
    EXPECT_EQ(lines.lost(), 0u);
  }
  std::istringstream text(testing::internal::GetCapturedStderr());
  int next = 0;
  for (std::string line; std::getline(text, line);) EXPECT_EQ(line, std::to_string(next++) + " {}");
  EXPECT_EQ(next, 100);
}

TEST(StderrLinesTest, AReaderThatIsGoneIsCounted) {
  int ends[2];
  ASSERT_EQ(pipe(ends), 0);
  const pid_t child = fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    alarm(kEndsWithinS);
    signal(SIGPIPE, SIG_IGN);
    dup2(ends[1], STDERR_FILENO);
    close(ends[0]);
    close(ends[1]);
    StderrLines lines;
    lines.Write(kLine);
    while (lines.lost() == 0) usleep(1000);
    _exit(0);
  }
  close(ends[0]);
  close(ends[1]);
  int status = 0;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0) << status;
}

}  // namespace
}  // namespace exitbus::adapters
