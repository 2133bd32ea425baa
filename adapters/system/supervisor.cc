#include "adapters/system/supervisor.h"

#include <systemd/sd-daemon.h>

namespace exitbus::adapters {

// A supervisor that cannot be told says so itself, by its time-out.
void TellSupervisorServing() { static_cast<void>(sd_notify(0, "READY=1")); }
void TellSupervisorEnding() { static_cast<void>(sd_notify(0, "STOPPING=1")); }

}  // namespace exitbus::adapters
