// Whether a service's certificates and keys are its own and in force, asked before it starts: told
// here by file and field, they would otherwise show as connections that fail without a reason.
#pragma once

#include <string>

#include "absl/status/status.h"
#include "absl/time/time.h"

namespace exitbus::config::v1 {
class ServiceConfig;
}

namespace exitbus::adapters {

// INVALID_ARGUMENT naming `file` and every mistake: no certificate, expired or not yet valid,
// another authority's, or with a key that is not its own.
absl::Status CheckPapers(const std::string& file, const config::v1::ServiceConfig& config,
                         absl::Time now);

}  // namespace exitbus::adapters
