// What a police unit reports each week, and the coordinator reads.
#pragma once

#include <string>

#include "tests/story/actors.h"
#include "tests/story/narrator.h"

namespace exitbus::story {

// All weeks of the file that are over and not reported, and the last of them read in the case.
absl::Status WeeksAreReported(Narrator& say, Actor& police, const std::string& security_id,
                              Actor& holder, const std::string& case_id);

}  // namespace exitbus::story
