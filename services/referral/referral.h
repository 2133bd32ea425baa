// What all sides of a referral share: what one has to say, by when it is answered, and by which
// names it and the case that was opened from it are found.
#pragma once

#include <optional>
#include <string>

#include "absl/time/time.h"
#include "exitbus/referral/v1/referral.pb.h"
#include "services/exchange/decision.h"
#include "services/exchange/decision_context.h"

namespace exitbus::referral {

// The aggregates' names: at the municipality, and at whoever refers.
inline constexpr char kReceived[] = "referral";
inline constexpr char kSent[] = "sent_referral";

std::string ReceivedKey(const std::string& referral_id);
std::string SentKey(const std::string& referral_id);

// By which a case is found that was opened from a referral, and whether one was.
std::string OpenedKey(const std::string& referral_id);
bool IsCaseOpenedFrom(const std::string& referral_id, const exchange::Lookup& lookup);
// That a case was opened: a deadline of the received referral.
inline constexpr char kOpened[] = "opened";

bool HasBasis(const v1::ReferralBasis& basis);
// Why nobody is referred so; nullopt: he may be. `latest` is the last time at which he can have
// agreed.
std::optional<exchange::Refusal> FaultIn(const v1::Referral& referral, absl::Time latest);

absl::Time AnswerDue(v1::ReferralUrgency urgency, absl::Time from);

// Nothing is waited for any more.
bool IsOver(v1::ReferralStage stage);

// To an answer, or a withdrawal, of what does not wait.
exchange::Refusal NotWaiting();

}  // namespace exitbus::referral
