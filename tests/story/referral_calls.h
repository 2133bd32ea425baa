// A referral by letter: a police unit refers somebody to a municipality, which opens a case from it
// or returns it.
#pragma once

#include <string>

#include "exitbus/referral/v1/referral.pb.h"
#include "tests/story/actors.h"
#include "tests/story/narrator.h"

namespace exitbus::story {

// With his consent of today; the referral's id.
absl::StatusOr<std::string> Refer(Actor& sender, const cv1::Person& person, const Actor& to,
                                  absl::Time agreed);
// Until the municipality has it.
absl::Status AwaitReferral(Narrator& say, Actor& sender, Actor& municipality,
                           const std::string& referral_id);
absl::StatusOr<cv1::Case> OpenFrom(Actor& municipality, const std::string& referral_id,
                                   const std::string& address, cv1::Programme programme);
// Until its sender has heard, and names nobody any more.
absl::Status AwaitOutcome(Narrator& say, Actor& sender, Actor& municipality,
                          const std::string& referral_id, referral::v1::ReferralOutcome outcome);

// One without a basis, one that is returned, and one that waits.
absl::Status ReferralsAreAnswered(Narrator& say, Actor& sender, Actor& municipality,
                                  const cv1::Person& person, absl::Time today);

}  // namespace exitbus::story
