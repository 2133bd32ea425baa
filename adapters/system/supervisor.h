// What a process tells the supervisor that started it, where one asks for it (systemd's
// Type=notify, by $NOTIFY_SOCKET). Nothing where none does.
#pragma once

namespace exitbus::adapters {

// It serves now. The supervisor counts the start as done from here on.
void TellSupervisorServing();

// It is ending in good order, and what comes after that is no fault.
void TellSupervisorEnding();

}  // namespace exitbus::adapters
