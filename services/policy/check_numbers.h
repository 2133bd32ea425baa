// The part of CheckPolicy that looks at numbers. Internal to the policy.
#pragma once

#include <string>
#include <vector>

#include "services/policy/contracts.h"

namespace exitbus::policy {

// Every field and enum value that stands after one of a higher number.
void CheckNumbers(const ContractFiles& files, std::vector<std::string>& mistakes);

}  // namespace exitbus::policy
