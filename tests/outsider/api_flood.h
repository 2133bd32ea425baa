// One client system at its worst: with its own certificate, at its own authority's API.
#pragma once

#include <map>
#include <string>

#include "absl/time/time.h"
#include "tests/story/cast.h"

namespace exitbus::story {

// Calls, watches and connections until then, each bounded; how many of each kind there were, by
// what came of them.
std::map<std::string, int> FloodApi(const Member& member, const std::string& certificate,
                                    absl::Time until);

}  // namespace exitbus::story
