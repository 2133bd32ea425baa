// The service of an authority that handles cases, as a table: method or message → decide → view.
#pragma once

#include <string>
#include <vector>

#include "services/exchange/aggregate.h"

namespace exitbus::casework {

// The one aggregate of casework with CaseService and HandoverService.
exchange::Aggregate CaseFiles();

// Kriminalforsorgen's addition to it: ReleaseService.
std::vector<exchange::Method> ReleaseMethods();

}  // namespace exitbus::casework
