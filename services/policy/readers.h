// Which reader a view is made for, and the short names of kinds and functions.
#pragma once

#include <string_view>
#include <vector>

#include "exitbus/policy/v1/policy.pb.h"
#include "services/policy/condition_set.h"

namespace exitbus::policy {

// The reader that a party of a case is, by its relation and kind. `satisfied` matters for the
// receiving police only, which read as police once the security assessment was transferred to them.
// READER_UNSPECIFIED (sees nothing) for a relation that kind of authority cannot have.
v1::Reader ReaderFor(v1::Relation relation, v1::AuthorityKind kind, ConditionSet satisfied = {});

// The reader that a caller inside an authority is. READER_UNSPECIFIED for a function that kind of
// authority does not have.
v1::Reader ReaderFor(v1::AuthorityKind kind, v1::Function function);

// The kinds of authority that can stand in a relation.
const std::vector<v1::AuthorityKind>& KindsIn(v1::Relation relation);

// "municipality", "contact_point", …: the kind's part of a topic's name. Empty for UNSPECIFIED.
std::string_view KindName(v1::AuthorityKind kind);
// "case", "handover", …: the channel's part of a topic's name. Empty for UNSPECIFIED.
std::string_view ChannelName(v1::Channel channel);
// The function at the end of a client certificate's name: "exit-coordinator", "case-officer", …
// FUNCTION_UNSPECIFIED (may call nothing) for any other text.
v1::Function FunctionNamed(std::string_view name);
std::string_view FunctionName(v1::Function function);

}  // namespace exitbus::policy
