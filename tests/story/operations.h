// What operators do while the authorities run, with the tools they have for it.
#pragma once

#include <cstdint>
#include <set>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "tests/story/deployment.h"

namespace exitbus::story {

// Signs a directory in which these authorities are suspended, and no other, and waits until every
// service has taken it; its version.
absl::StatusOr<std::uint64_t> PublishDirectory(const Deployment& deployment,
                                               const std::set<std::string>& suspended);

// Waits until the member's own figures count letters that it holds back: `membership` "own" (it is
// suspended), "suspended" (their recipient is).
absl::Status AwaitPaused(const Deployment& deployment, const Member& member,
                         const std::string& membership);

// So much time passes for all authorities at once (`exitctl clock advance`); waits until they go by
// it.
absl::Status AdvanceClock(const Deployment& deployment, absl::Duration by);
// The same without waiting: v0.2 does not tell what time it goes by.
absl::Status TurnClock(const Deployment& deployment, absl::Duration by);

// Exports the evidence of all and verifies it together, as `exitctl evidence` does. INTERNAL: a
// fault, with what was found. Else what was looked at, in one line.
absl::StatusOr<std::string> VerifyEvidence(const Deployment& deployment);

}  // namespace exitbus::story
