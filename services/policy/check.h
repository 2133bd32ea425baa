// What a contract must say for the policy to hold. Run by the build: a message that could leave an
// authority unlabelled does not compile into a service.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "services/policy/contracts.h"

namespace exitbus::policy {

// Every mistake in `files`, each saying where it is and what to add; empty if there is none.
//   - every leaf of `body`, of a message with a flow, and of a method's response has a category;
//   - nothing on the bus or in a response is a map, Any, Struct or FieldMask;
//   - every kind in the oneof of `body` has a flow, and every message with a flow is such a kind;
//   - every flow is complete, possible and unambiguous;
//   - every method names its callers and its access;
//   - every category has a reader, and the gang list is none of them;
//   - fields and values stand in the order of their numbers, so that the next one is seen.
// Packages of an authority's inside (journals, store, configuration, the directory's file) are
// exempt from the rule about responses, as they have none.
std::vector<std::string> CheckPolicy(const ContractFiles& files,
                                     std::string_view body = "exitbus.exchange.v1.Body");

}  // namespace exitbus::policy
