// What operators of two authorities do about a correspondence between them that has stopped.
#pragma once

#include "tools/exitctl/call.h"
#include "tools/exitctl/command_line.h"

namespace exitbus::exitctl {

// "correspondence list", "propose", "agree" and "finish". Misuse is told on `terminal.err`. Returns
// the exit status.
int RunCorrespondence(const CommandLine& line, Terminal terminal);

extern const char kCorrespondenceHelp[];

}  // namespace exitbus::exitctl
