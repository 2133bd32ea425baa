// docs/policy.md, read back: whom it says each field of a message goes to.
#pragma once

#include <map>
#include <set>
#include <string>

namespace exitbus::tables {

// By the message's name and the field's path: "receiver", "holder: municipality", "police*" (a
// star: only if more holds than the message's row asks for). Empty: nobody. Working directory: the
// project's root.
const std::map<std::string, std::map<std::string, std::set<std::string>>>& PolicyPage();

}  // namespace exitbus::tables
