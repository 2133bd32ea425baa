// What an asked municipality is told of who would come.
#pragma once

#include <optional>

#include "absl/time/time.h"
#include "services/exchange/decision.h"

namespace exitbus::relocation {

namespace v1 {
class Profile;
}

// Of a nomination now: whether it is this month or one of the next two years. What comes by letter
// was looked at where it was decided.
std::optional<exchange::Refusal> MonthFault(const v1::Profile& profile, absl::Time now);

// nullopt: it says who moves along, what is asked for beside a dwelling, and from which month.
std::optional<exchange::Refusal> FaultIn(const v1::Profile& profile);

}  // namespace exitbus::relocation
