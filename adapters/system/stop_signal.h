// Stopping in good order on SIGTERM or SIGINT, and on nothing else that is meant kindly.
#pragma once

#include <functional>

namespace exitbus::adapters {

// Call it first in main, before any thread exists: keeps the two signals for WaitForStopSignal,
// with those that would end the process and mean no such thing (SIGHUP, SIGUSR1, SIGUSR2), and
// ignores SIGPIPE, so that a peer that hangs up is an error and not the end.
void BlockStopSignals();

// For a program that SIGTERM and SIGINT may end at any moment, and nothing else that is meant
// kindly: ignores the other three, and SIGPIPE.
void IgnoreOtherSignals();

// Waits for SIGTERM or SIGINT and returns which one came. Of others `ignored` is told, by name.
int WaitForStopSignal(const std::function<void(const char*)>& ignored);

// Whether one has come and WaitForStopSignal would return at once.
bool StopSignalCame();

}  // namespace exitbus::adapters
