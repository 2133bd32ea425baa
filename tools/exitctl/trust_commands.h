// What a deployment set up by hand needs: an authority's or a signer's keys, and the signed
// directory.
#pragma once

#include "tools/exitctl/call.h"
#include "tools/exitctl/command_line.h"

namespace exitbus::exitctl {

// "keys new", "keys renew", "keys retire", and "directory sign", "countersign", "show" and
// "entries". Misuse is told on `terminal.err`. Returns the exit status.
int RunKeys(const CommandLine& line, Terminal terminal);
int RunDirectory(const CommandLine& line, Terminal terminal);

extern const char kKeysHelp[];
extern const char kDirectoryHelp[];

}  // namespace exitbus::exitctl
