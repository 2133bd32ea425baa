// exitctl evidence: taken out of a store, checked offline, alone and between authorities.
#pragma once

#include "tools/exitctl/call.h"
#include "tools/exitctl/command_line.h"

namespace exitbus::exitctl {

extern const char kEvidenceHelp[];

// Returns the exit status: kRefused where the evidence is at fault.
int RunEvidence(const CommandLine& line, Terminal terminal);

}  // namespace exitbus::exitctl
