// A case's applications to the central pool. Internal to casework.
#pragma once

#include <string>

#include "services/casework/rules.h"

namespace exitbus::casework {

// No application of the case waits for this authority, also from when the case was here before:
// what it may still do comes before an erasure.
extern const Rule kNoOpenPoolApplication;

// The name of one that does; without an id, what the names of all of this case begin with.
std::string OpenPoolKey(const std::string& case_id, const std::string& application_id);

}  // namespace exitbus::casework
