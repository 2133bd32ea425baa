// What a case shows of the inquiry at NEC's gang list. Internal to casework.
#pragma once

#include "services/casework/rules.h"

namespace exitbus::casework {

void ShowNecStatus(const jv1::CaseFile& file, cv1::Case& view);

}  // namespace exitbus::casework
