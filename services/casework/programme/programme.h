// What other subjects use of the programme. Internal to casework.
#pragma once

#include <cstdint>

#include "services/casework/rules.h"
#include "services/exchange/decision.h"

namespace exitbus::casework {

// It ends here: the event, and NEC told. Also where a withdrawal was learnt while the case was on
// its way.
void Withdraw(const jv1::CaseFile& file, std::uint64_t number, const exchange::Facts& facts,
              exchange::Decision& decision);

}  // namespace exitbus::casework
