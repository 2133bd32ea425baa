// A document of the case: kept in custody, and handed on at the release.
#pragma once

#include <string>

#include "tests/story/actors.h"
#include "tests/story/narrator.h"

namespace exitbus::story {

absl::Status KeepPlan(Actor& holder, const std::string& case_id, Narrator& say);
// To who has taken it over, as it was written.
absl::Status PlanCame(Actor& former, Actor& holder, const std::string& case_id, Narrator& say);

}  // namespace exitbus::story
