// A take-over as a reader that knows the case by an id of its own is told of it: believed only with
// the slip that the authority in charge signed for this very reader.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <variant>

#include "services/exchange/decision.h"
#include "services/exchange/decision_context.h"

namespace exitbus::exchange::v1 {
class Slip;
}

namespace exitbus::exchange {

// Responsibility numbers go no further: no case is offered that often, and whoever took one over
// under the last number there is could never hand it on.
inline constexpr std::uint64_t kNumberMax = 1'000'000;
// Of a letter that names a higher one.
Decision NumberOutOfRange();

// The authority in charge as this reader knows it.
struct InCharge {
  std::string_view authority;
  std::optional<std::uint64_t> number;  // its responsibility number, where the reader knows it
};

// The slip, if it lets `place.sender` take over from the one in charge under `number`. Otherwise
// what to decide: refused by a `slip.…` rule, or parked until everything is applied that leads
// there: an earlier take-over, and all that the holder had sent before it signed.
std::variant<v1::Slip, Decision> CheckSlip(std::string_view slip, std::uint64_t number,
                                           const InCharge& in_charge, const LetterPlace& place,
                                           const DecisionContext& context);

}  // namespace exitbus::exchange
