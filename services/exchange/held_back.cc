#include "services/exchange/held_back.h"

#include "services/exchange/confirmation.h"
#include "services/exchange/environment.h"
#include "services/exchange/keys.h"
#include "services/exchange/membership.h"
#include "services/exchange/standstills.h"

namespace exitbus::exchange {

std::string HeldBackBecause(const Environment& environment, const OutboxAddress& to) {
  const std::string& peer = to.peer;
  if (MembershipStatusOf(*environment.directory, environment.self) != MembershipStatus::kInService)
    return "own";
  const MembershipStatus status = MembershipStatusOf(*environment.directory, peer);
  if (status == MembershipStatus::kSuspended) return "suspended";
  if (status == MembershipStatus::kRemoved) return "removed";
  if (environment.standstills != nullptr && environment.standstills->IsPaused(to.channel)) {
    return "paused";
  }
  return environment.confirmation == nullptr
             ? ""
             : std::string(environment.confirmation->HoldsBack(peer));
}

}  // namespace exitbus::exchange
