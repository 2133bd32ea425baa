// What other subjects use of the custody and of a release that moves or goes away. Internal to
// casework.
#pragma once

#include <cstdint>

#include "services/casework/handover/letters.h"
#include "services/casework/rules.h"
#include "services/exchange/obligation.h"

namespace exitbus::casework {

// What is handed over at a release has one.
extern const Rule kReleaseStillPlanned;

// At the holder: the receiver had not taken the case over when it heard that the day of this offer
// went away. The offer stands no more, and its number is never used again.
Decision OnOfferReturned(const PartyLetter& letter, std::uint64_t number);

// Of what is planned for this day: that a municipality has accepted the case by then, and that it
// is offered.
exchange::ov1::Obligation AcceptanceOwed(absl::Time release,
                                         const exchange::DecisionContext& context);
exchange::ov1::Obligation OfferOwed(absl::Time release, const exchange::DecisionContext& context);
// What is owed of it now; null: nothing.
const exchange::ov1::Obligation* HandoverOwed(const jv1::CaseFile& file);
void ShowHandoverOwed(const jv1::CaseFile& file, cv1::Case& view);
// He is out: the plan is for that instant, unless what stands already serves.
void ReplanFor(const jv1::CaseFile& file, const cv1::Released& released,
               const exchange::DecisionContext& context, exchange::Decision& decision);
// He is back: there is none any more.
void CancelPlan(const jv1::CaseFile& file, cv1::ReleaseChange change,
                const exchange::DecisionContext& context, exchange::Decision& decision);
extern const Rule kNotReleased;
void ServeReleased(CasePart& part);
// Whatever was decided: who is asked to take the case over hears that he is out, and so do the
// police units, as soon as there are any.
void FollowReleased(const jv1::CaseFile& before, const exchange::DecisionContext& context,
                    exchange::Decision& decision);

// In custody: the plan is not made yet, and no municipality has heard of the person (KRF-04).
bool IsPlanOwed(const jv1::CaseFile& file);
bool IsContactOwed(const jv1::CaseFile& file);
void ShowCustody(const jv1::CaseFile& file, cv1::Case& view);
// What Kriminalforsorgen's people state of the custody.
void ServeCustody(CasePart& part);

}  // namespace exitbus::casework
