// What waits for this authority in a case, told by the case alone. Internal to casework.
#pragma once

#include "services/casework/rules.h"

namespace exitbus::casework {

// The first due first; what has no day comes last. Of who has let the case go: what
// the citizen has asked to see, and meetings that were called.
void ShowNextActs(const jv1::CaseFile& file, cv1::Case& view);

}  // namespace exitbus::casework
