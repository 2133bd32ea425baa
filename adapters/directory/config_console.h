// The console's configuration on disk (exitbus/config/v1/console.proto, text format).
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "exitbus/config/v1/console.pb.h"

namespace exitbus::adapters {

// As LoadConfig.
absl::StatusOr<config::v1::ConsoleConfig> LoadConsoleConfig(const std::string& path);

}  // namespace exitbus::adapters
