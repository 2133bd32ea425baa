#include "adapters/kafka/access_list.h"

#include <algorithm>
#include <iterator>
#include <string_view>

namespace exitbus::adapters {
namespace {

using policy::AclSpec;
using policy::Operation;
using policy::PatternType;
using policy::Permission;
using policy::ResourceType;

constexpr std::string_view kOurs = "exitbus.";
constexpr std::string_view kEvery = "*";
constexpr char kEverybody[] = "User:*";

enum class Reach { kNothing, kOursAlone, kOursAndMore };

Reach ReachOf(const AclSpec& acl) {
  if (acl.resource_type == ResourceType::kCluster) {
    // To number one's own records concerns nobody else. All other operations on the cluster alter
    // access lists or topics, copy them, or tell how full they are.
    return acl.operation == Operation::kIdempotentWrite ? Reach::kNothing : Reach::kOursAndMore;
  }
  if (acl.name.starts_with(kOurs)) return Reach::kOursAlone;
  const bool wider =
      acl.pattern == PatternType::kPrefixed ? kOurs.starts_with(acl.name) : acl.name == kEvery;
  return wider ? Reach::kOursAndMore : Reach::kNothing;
}

}  // namespace

AccessDifference CompareAccess(const std::vector<AclSpec>& wanted_list,
                               const std::vector<AclSpec>& present,
                               const std::set<std::string>& operators) {
  const std::set<AclSpec> wanted(wanted_list.begin(), wanted_list.end());
  const std::set<AclSpec> has(present.begin(), present.end());
  std::set<std::string> principals;
  for (const AclSpec& acl : wanted) principals.insert(acl.principal);

  AccessDifference difference;
  std::set_difference(wanted.begin(), wanted.end(), has.begin(), has.end(),
                      std::back_inserter(difference.missing));
  for (const AclSpec& acl : has) {
    const Reach reach = ReachOf(acl);
    const bool is_ours = principals.contains(acl.principal);
    if (wanted.contains(acl) || reach == Reach::kNothing) continue;
    if (!is_ours && operators.contains(acl.principal)) continue;
    const bool removable = is_ours || reach == Reach::kOursAlone;
    const bool harmless = acl.permission == Permission::kDeny && acl.principal != kEverybody;
    if (acl.operation != Operation::kUnknown && removable) {
      difference.surplus.push_back(acl);
    } else if (is_ours || !harmless) {
      difference.foreign.push_back(acl);
    }
  }
  return difference;
}

}  // namespace exitbus::adapters
