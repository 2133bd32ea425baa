// What an authority, and a system of its own, may have, from tests/tables/categories.table alone.
#pragma once

#include "services/policy/condition_set.h"
#include "tests/separation/canaries.h"
#include "tests/story/cast.h"

namespace exitbus::story {

policy::ConditionSet EveryCondition();

// Whether the authority may have such a thing in any relation that an authority of its kind can
// come to have to a case, whatever conditions hold. What it wrote itself is its own.
bool MayHold(const Member& member, const Canary& canary);

// Whether a caller of this function at this kind of authority may be shown a field, under these
// conditions.
bool MayBeShown(policy::v1::AuthorityKind kind, policy::v1::Function function, const Label& label,
                policy::ConditionSet satisfied);

// The main function of an authority's own system: the last part of its client's name.
policy::v1::Function FunctionOf(const Member& member);

}  // namespace exitbus::story
