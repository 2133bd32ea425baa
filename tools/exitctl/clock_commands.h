// The clock of development services: read, set and moved on.
#pragma once

#include "tools/exitctl/call.h"
#include "tools/exitctl/command_line.h"

namespace exitbus::exitctl {

// "clock set", "clock advance" and "clock show". Misuse is told on `terminal.err`. Returns the exit
// status.
int RunClock(const CommandLine& line, Terminal terminal);

extern const char kClockHelp[];

}  // namespace exitbus::exitctl
