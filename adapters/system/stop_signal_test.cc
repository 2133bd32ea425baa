#include "adapters/system/stop_signal.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <string>
#include <string_view>
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
    _exit(WaitForStopSignal([](const char*) {}));
  }
  int status = 0;
  if (child < 0 || waitpid(child, &status, 0) != child || !WIFEXITED(status)) return -1;
  return WEXITSTATUS(status);
}

TEST(StopSignalTest, TheSignalIsWaitedForAndNamed) {
  EXPECT_EQ(CodeOfChildHitBy(SIGTERM), SIGTERM);
  EXPECT_EQ(CodeOfChildHitBy(SIGINT), SIGINT);
}

// A terminal that hangs up, an operator who thinks of other programs' habits.
TEST(StopSignalTest, WhatMeansNoEndIsNone) {
  const pid_t child = fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    BlockStopSignals();
    std::string told;
    for (const int other : {SIGHUP, SIGUSR1, SIGUSR2}) {
      kill(getpid(), other);
      if (StopSignalCame()) _exit(1);
    }
    const int came = WaitForStopSignal([&](const char* name) {
      told += name;
      if (told.size() == std::string_view("HUPUSR1USR2").size()) kill(getpid(), SIGTERM);
    });
    _exit(came == SIGTERM && told == "HUPUSR1USR2" ? 0 : 2);
  }
  int status = 0;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0) << status;
}

}  // namespace
}  // namespace exitbus::adapters
