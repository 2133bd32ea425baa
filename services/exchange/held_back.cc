#include "services/exchange/held_back.h"

#include "services/exchange/confirmation.h"
#include "services/exchange/environment.h"
#include "services/exchange/membership.h"

namespace exitbus::exchange {

std::string HeldBackBecause(const Environment& environment, const std::string& peer) {
  if (MembershipStatusOf(*environment.directory, environment.self) != MembershipStatus::kInService)
    return "own";
  const MembershipStatus status = MembershipStatusOf(*environment.directory, peer);
  if (status == MembershipStatus::kSuspended) return "suspended";
  if (status == MembershipStatus::kRemoved) return "removed";
  return environment.confirmation == nullptr
             ? ""
             : std::string(environment.confirmation->HoldsBack(peer));
}

}  // namespace exitbus::exchange
