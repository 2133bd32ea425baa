// What the kernel says of a running process.
#pragma once

#include <sys/types.h>

#include "absl/status/statusor.h"
#include "absl/time/time.h"

namespace exitbus::bench {

// Resident memory in MiB.
absl::StatusOr<double> ResidentMib(pid_t process);

// Processor time it has used so far, in user and kernel together.
absl::StatusOr<absl::Duration> ProcessorTime(pid_t process);

}  // namespace exitbus::bench
