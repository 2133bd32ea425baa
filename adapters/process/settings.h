// The engine's settings, from a service's configuration.
#pragma once

#include "absl/time/time.h"
#include "exitbus/config/v1/config.pb.h"
#include "services/exchange/environment.h"

namespace exitbus::adapters {

// Of a configuration that LoadConfig returned: every default is filled in.
exchange::Settings SettingsOf(const config::v1::ServiceConfig& config);
absl::Duration DurationOf(const google::protobuf::Duration& duration);

}  // namespace exitbus::adapters
