// What operators do where a service cannot decide for itself: its store was put back, or others
// cannot be heard.
#pragma once

#include "tools/exitctl/call.h"
#include "tools/exitctl/command_line.h"

namespace exitbus::exitctl {

// "recovery status", "accept" and "follow". Misuse is told on `terminal.err`. Returns the exit
// status.
int RunRecovery(const CommandLine& line, Terminal terminal);

extern const char kRecoveryHelp[];

}  // namespace exitbus::exitctl
