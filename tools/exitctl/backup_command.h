// exitctl backup: an authority's stores, copied while its service runs.
#pragma once

#include "tools/exitctl/call.h"
#include "tools/exitctl/command_line.h"

namespace exitbus::exitctl {

extern const char kBackupHelp[];

// Returns the exit status.
int RunBackup(const CommandLine& line, Terminal terminal);

}  // namespace exitbus::exitctl
