// The part of CheckPolicy that looks at what comes in by requests. Internal to the policy.
#pragma once

#include <string>
#include <vector>

#include "services/policy/contracts.h"

namespace exitbus::policy {

// Every text, number, time and list of a request, or of what stands in one, that does not say what
// it takes (exitbus.policy.v1.value).
void CheckValues(const ContractFiles& files, std::vector<std::string>& mistakes);

}  // namespace exitbus::policy
