#include "adapters/system/stop_signal.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <thread>

namespace exitbus::adapters {
namespace {

// In a child process: what the signal was, and that no other thread was hit by it.
int CodeOfChildHitBy(int signal_number) {
  const pid_t child = fork();
  if (child == 0) {
    BlockStopSignals();
    std::thread([] { raise(SIGPIPE); }).join();
    if (StopSignalCame()) _exit(0);
    kill(getpid(), signal_number);
    std::thread([] {}).join();
    if (!StopSignalCame()) _exit(0);
    _exit(WaitForStopSignal());
  }
  int status = 0;
  if (child < 0 || waitpid(child, &status, 0) != child || !WIFEXITED(status)) return -1;
  return WEXITSTATUS(status);
}

TEST(StopSignalTest, TheSignalIsWaitedForAndNamed) {
  EXPECT_EQ(CodeOfChildHitBy(SIGTERM), SIGTERM);
  EXPECT_EQ(CodeOfChildHitBy(SIGINT), SIGINT);
}

}  // namespace
}  // namespace exitbus::adapters
