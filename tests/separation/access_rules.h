// What Kafka says of its rules, evaluated here a second time: what the access list lets a principal
// do. Made for these tests, from Kafka's documentation, and shares nothing with what is tested.
#pragma once

#include <string>
#include <vector>

#include "services/policy/access.h"

namespace exitbus::story {

enum class Act { kRead, kWrite, kDescribe, kCreate, kDelete, kAlter };

const char* NameOf(Act act);

// No entry means no. A denial stands above every permission. Who may read, write, delete or alter
// may describe. Super users may do everything.
bool Allows(const std::vector<policy::AclSpec>& acls, const std::string& principal,
            policy::ResourceType type, const std::string& name, Act act);

}  // namespace exitbus::story
