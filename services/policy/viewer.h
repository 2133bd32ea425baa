// A viewer: who looks, at which level, under which conditions; and what it may see.
#pragma once

#include "exitbus/policy/v1/policy.pb.h"
#include "services/policy/condition_set.h"

namespace exitbus::policy {

struct Viewer {
  v1::Reader reader = v1::READER_UNSPECIFIED;
  v1::Level level = v1::LEVEL_FULL;
  ConditionSet satisfied = {};
};

// Whether the viewer may see a field of this category that gives away this much. The one decision
// that all projection rests on: the level admits it, and some grant whose conditions all hold
// reaches as far. Deny by default: unspecified values see, and are seen by, nothing (an unspecified
// detail means full). Thread-safe.
bool MaySee(const Viewer& viewer, v1::Category category, v1::Detail detail);

}  // namespace exitbus::policy
