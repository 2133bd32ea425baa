// The journey of who moves: what is known of it, and what somebody says. The same at both sides of
// the handover and at both police units, in whichever order they hear it.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "absl/time/time.h"
#include "exitbus/relocation/v1/journey.pb.h"
#include "exitbus/relocation_journal/v1/journal.pb.h"
#include "services/exchange/decision.h"
#include "services/exchange/decision_context.h"

namespace exitbus::handover::v1 {
class PersonAccountedFor;
class PersonArrived;
class PersonDeparted;
}  // namespace exitbus::handover::v1

namespace exitbus::relocation {

namespace jv1 = relocation_journal::v1;

// Nobody has said yet where the person is who has departed, or has to come back.
bool IsUnderWay(const jv1::Journey& journey);
// Under way to the municipality that is decided for, or there by its own word.
bool IsAway(const jv1::Journey& journey);
// At the municipality that is decided for, by its own word or the police's.
bool HasArrived(const jv1::Journey& journey);

// From when on a person who was expected then is missing: in clock hours, round the clock; without
// a threat not before the end of that day.
absl::Time MissingFrom(absl::Time expected, bool under_threat,
                       const exchange::DecisionContext& context);

// The next departure, or the way back. A refusal if the planned arrival is not one.
std::optional<exchange::Refusal> FaultIn(absl::Time expected, absl::Time now);
v1::Journey Depart(const jv1::Journey& known, absl::Time expected, absl::Time due, absl::Time now);
v1::Journey ComeBack(const jv1::Journey& known, absl::Time due, absl::Time now);
// Of the last departure.
v1::Journey Arrive(const jv1::Journey& known, v1::JourneyStage where, absl::Time now);
v1::Journey StateOf(const jv1::Journey& known, v1::Whereabouts whereabouts,
                    const exchange::DecisionContext& context);

// As letters say it; refused where they say nothing, or what nobody can wait for so long.
std::optional<exchange::Refusal> FaultIn(const handover::v1::PersonDeparted& message,
                                         absl::Time now);
std::optional<exchange::Refusal> FaultIn(const handover::v1::PersonArrived& message);
std::optional<exchange::Refusal> FaultIn(const handover::v1::PersonAccountedFor& message);
v1::Journey SaidBy(const handover::v1::PersonDeparted& message);
v1::Journey SaidBy(const handover::v1::PersonArrived& message, v1::JourneyStage where);
v1::Journey SaidBy(const handover::v1::PersonAccountedFor& message, const std::string& unit);
handover::v1::PersonDeparted DepartureOf(const v1::Journey& said);
handover::v1::PersonArrived ArrivalOf(const v1::Journey& said);
handover::v1::PersonAccountedFor StatementOf(const v1::Journey& said);

// Whether it is said of a departure later than the next that this authority does not know.
bool IsAheadOf(const jv1::Journey& known, const v1::Journey& said);
// The journey once that is said, in which `owing` has to say that he is there; nullopt: it is
// known, or over. What is said of an older departure counts no more; of the same one an arrival
// stands against a return, a return against a statement, of two units' statements the later one.
std::optional<jv1::JourneyMoved> Hear(const jv1::Journey& known, const v1::Journey& said,
                                      const std::string& handover_id, const std::string& owing);

v1::Journey Shown(const jv1::Journey& journey);

// Refused alike at both sides and at both units.
exchange::Refusal NobodyUnderWay();
inline constexpr std::string_view kHasArrived = "handover.has_arrived";
inline constexpr std::string_view kHasArrivedRemedy = "The person has arrived; that is recorded.";

}  // namespace exitbus::relocation
