// Keys live in this process's memory: what shows its memory to others is shut.
#pragma once

namespace exitbus::adapters {

// No core file of this process is ever written, and no other process of its user may attach to it
// or read its memory; root still may, with a debugger. Call it first in main.
void ForbidDumps();

}  // namespace exitbus::adapters
