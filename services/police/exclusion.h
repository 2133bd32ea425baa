// Where a candidate may not live, as a police unit has stated it for one request for relocation:
// what its assessment finds unsafe, what a court has forbidden, and where he comes from.
#pragma once

#include <optional>
#include <string_view>

#include "absl/time/time.h"
#include "services/exchange/decision.h"

namespace exitbus::relocation::v1 {
class PlaceStatement;
enum ExclusionReason : int;
}  // namespace exitbus::relocation::v1

namespace exitbus::police {

// nullopt: areas are known, each with a reason and none but a ban with an end, and groups are
// named.
std::optional<exchange::Refusal> FaultIn(const relocation::v1::PlaceStatement& statement);

// Why this municipality is ruled out now; UNSPECIFIED: it is not. `origin` is the municipality that
// is in charge of the case; empty: a prison is.
relocation::v1::ExclusionReason RuledOut(const relocation::v1::PlaceStatement& statement,
                                         std::string_view municipality, std::string_view origin,
                                         absl::Time now);

}  // namespace exitbus::police
