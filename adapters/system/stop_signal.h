// Stopping in good order on SIGTERM or SIGINT.
#pragma once

namespace exitbus::adapters {

// Call it first in main, before any thread exists: keeps the two signals for WaitForStopSignal, and
// ignores SIGPIPE, so that a peer that hangs up is an error and not the end.
void BlockStopSignals();

// Waits for SIGTERM or SIGINT and returns which one came.
int WaitForStopSignal();

// Whether one has come and WaitForStopSignal would return at once.
bool StopSignalCame();

}  // namespace exitbus::adapters
