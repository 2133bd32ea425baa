// Which entries of a broker's access list concern the channel, on a cluster that others may use
// too. No technology in it. Internal to this folder.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "services/policy/access.h"

namespace exitbus::adapters {

struct AccessDifference {
  std::vector<policy::AclSpec> missing;
  std::vector<policy::AclSpec> surplus;  // ours to take away
  // They reach what is ours and more than that, and belong to somebody else: whoever runs the
  // cluster must narrow them.
  std::vector<policy::AclSpec> foreign;
};

// Ours are the topics and groups whose names begin with "exitbus.", and the principals in `wanted`.
//  - Surplus: every unwanted entry on names of ours alone, whoever has it, for whatever operation
//    and host; and what reaches ours through "*", a shorter prefix or the cluster, if a principal
//    of ours has it.
//  - Foreign: the latter of anybody else, but `operators`, who run the cluster; and what is of an
//    operation we do not know. A denial counts if it may stop a principal of ours.
//  - The rest reaches nothing of ours, and is not our business.
// Each list sorted.
AccessDifference CompareAccess(const std::vector<policy::AclSpec>& wanted,
                               const std::vector<policy::AclSpec>& present,
                               const std::set<std::string>& operators);

}  // namespace exitbus::adapters
