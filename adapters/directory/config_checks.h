// What makes a configuration fit to start with; for config.cc.
#pragma once

#include "adapters/directory/mistakes.h"
#include "exitbus/config/v1/config.pb.h"

namespace exitbus::adapters {

void CheckConfig(const config::v1::ServiceConfig& config, Mistakes& mistakes);
// The part of it that is about purposes and laws.
void CheckLaws(const config::v1::ServiceConfig& config, Mistakes& mistakes);
void CheckCasework(const config::v1::ServiceConfig& config, Mistakes& mistakes);

}  // namespace exitbus::adapters
