#include "tests/separation/access_rules.h"

#include <cstdlib>

namespace exitbus::story {
namespace {

using policy::AclSpec;
using policy::Operation;
using policy::Permission;

bool IsAbout(const AclSpec& acl, const std::string& principal, policy::ResourceType type,
             const std::string& name) {
  if (acl.principal != principal || acl.resource_type != type) return false;
  if (acl.pattern == policy::PatternType::kPrefixed) return name.starts_with(acl.name);
  return acl.name == name || acl.name == "*";
}

bool Names(Operation operation, Act act) {
  switch (operation) {
    case Operation::kAll:
      return true;
    case Operation::kRead:
      return act == Act::kRead;
    case Operation::kWrite:
      return act == Act::kWrite;
    case Operation::kDescribe:
      return act == Act::kDescribe;
    default:
      return false;
  }
}

}  // namespace

const char* NameOf(Act act) {
  switch (act) {
    case Act::kRead:
      return "read";
    case Act::kWrite:
      return "write";
    case Act::kDescribe:
      return "describe";
    case Act::kCreate:
      return "create";
    case Act::kDelete:
      return "delete";
    case Act::kAlter:
      return "alter";
  }
  std::abort();
}

bool Allows(const std::vector<AclSpec>& acls, const std::string& principal,
            policy::ResourceType type, const std::string& name, Act act) {
  if (principal == "User:broker" || principal == "User:provisioner") return true;
  bool allowed = false;
  for (const AclSpec& acl : acls) {
    if (!IsAbout(acl, principal, type, name)) continue;
    const bool implied = act == Act::kDescribe && acl.permission == Permission::kAllow;
    if (acl.permission == Permission::kDeny && Names(acl.operation, act)) return false;
    if (acl.permission == Permission::kAllow) allowed |= implied || Names(acl.operation, act);
  }
  return allowed;
}

}  // namespace exitbus::story
