#include "adapters/system/stop_signal.h"

#include <pthread.h>
#include <signal.h>

#include <cstring>
#include <initializer_list>

#include "services/exchange/ports/fault.h"

namespace exitbus::adapters {
namespace {

constexpr std::initializer_list<int> kOthers = {SIGHUP, SIGUSR1, SIGUSR2};

sigset_t StopSignals() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  return signals;
}

sigset_t AllSignals() {
  sigset_t signals = StopSignals();
  for (const int other : kOthers) sigaddset(&signals, other);
  return signals;
}

void Require(bool holds, const char* what) {
  if (!holds) exchange::ProgramFault("stop_signal", what);
}

void Ignore(int signal_number) {
  Require(signal(signal_number, SIG_IGN) != SIG_ERR, "a signal cannot be ignored");
}

}  // namespace

void BlockStopSignals() {
  const sigset_t signals = AllSignals();
  Require(pthread_sigmask(SIG_BLOCK, &signals, nullptr) == 0, "signals cannot be blocked");
  Ignore(SIGPIPE);
}

void IgnoreOtherSignals() {
  for (const int other : kOthers) Ignore(other);
  Ignore(SIGPIPE);
}

int WaitForStopSignal(const std::function<void(const char*)>& ignored) {
  const sigset_t signals = AllSignals();
  const sigset_t stopping = StopSignals();
  for (;;) {
    int came = 0;
    Require(sigwait(&signals, &came) == 0, "signals cannot be waited for");
    if (sigismember(&stopping, came) == 1) return came;
    ignored(sigabbrev_np(came));
  }
}

bool StopSignalCame() {
  sigset_t pending;
  Require(sigpending(&pending) == 0, "pending signals cannot be asked for");
  return sigismember(&pending, SIGTERM) == 1 || sigismember(&pending, SIGINT) == 1;
}

}  // namespace exitbus::adapters
