// What other subjects use of the custody and of a release that moves or goes away. Internal to
// casework.
#pragma once

#include <cstdint>

#include "services/casework/handover/letters.h"
#include "services/casework/rules.h"

namespace exitbus::casework {

// What is handed over at a release has one.
extern const Rule kReleaseStillPlanned;

// At the holder: the receiver had not taken the case over when it heard that the day of this offer
// went away. The offer stands no more, and its number is never used again.
Decision OnOfferReturned(const PartyLetter& letter, std::uint64_t number);

// In custody: the plan is not made yet, and no municipality has heard of the person (KRF-04).
bool IsPlanOwed(const jv1::CaseFile& file);
bool IsContactOwed(const jv1::CaseFile& file);
void ShowCustody(const jv1::CaseFile& file, cv1::Case& view);
// What Kriminalforsorgen's people state of the custody.
void ServeCustody(CasePart& part);

}  // namespace exitbus::casework
