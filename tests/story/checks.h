// Small things that the story's steps share.
#pragma once

#include <google/protobuf/message.h>

#include <string>

#include "absl/status/status.h"
#include "tests/story/actors.h"

namespace exitbus::story {

// The actor's name in the narration.
inline const std::string& Nick(const Actor* actor) { return actor->member().nickname; }

// INTERNAL unless `holds`, with what was expected and what was seen. All persons are made up, so
// that a view may be printed.
absl::Status Check(bool holds, const std::string& what, const google::protobuf::Message& seen);

// Version 1 of the agreement: three measures, the last of which Ishøj finds too long.
cv1::Agreement FirstAgreement(const std::string& owner);

}  // namespace exitbus::story
