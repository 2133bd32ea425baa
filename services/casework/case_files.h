// The service of an authority that handles cases, put together from its parts.
#pragma once

#include <vector>

#include "services/casework/parts.h"
#include "services/exchange/aggregate.h"

namespace exitbus::casework {

// The one aggregate of casework: CaseService, HandoverService and ErasureService, and what an
// authority adds.
exchange::Aggregate CaseFiles(std::vector<CasePart> added = {});

// Kriminalforsorgen's addition: ReleaseService.
CasePart ReleasePart();

}  // namespace exitbus::casework
