// Whom to turn to: what an authority publishes of itself, and what another is answered.
#pragma once

#include <string>

#include "exitbus/readiness/v1/readiness.pb.h"
#include "tests/story/actors.h"

namespace exitbus::story {

// A main contact, and one for this purpose.
absl::Status PublishContacts(Actor& at, readiness::v1::ContactPurpose purpose,
                             const std::string& unit);
// Until `at` knows a contact that `of` lists for this purpose.
absl::StatusOr<Arrival<readiness::v1::Recipient>> AwaitContact(
    Actor& at, const std::string& of, readiness::v1::ContactPurpose purpose, absl::Time since);

}  // namespace exitbus::story
