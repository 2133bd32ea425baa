// What the three tell each other about the place: what happens by it at whoever hears it, or what
// becomes of a letter by which nothing does. `one` is null where there is no such request.
#pragma once

#include <variant>

#include "exitbus/relocation/v1/messages.pb.h"
#include "exitbus/relocation_journal/v1/journal.pb.h"
#include "services/exchange/decision.h"
#include "services/exchange/decision_context.h"
#include "services/exchange/told.h"
#include "services/relocation/placement.h"

namespace exitbus::relocation {

namespace jv1 = relocation_journal::v1;

using exchange::DecisionBy;
using exchange::Told;

// From the contact point, by way of the police unit.
Told<jv1::HearingAsked> ToldHearing(const jv1::Relocation* one,
                                    const v1::RelocationHearing& message,
                                    const exchange::DecisionContext& context);
Told<jv1::Placed> ToldDecision(const jv1::Relocation* one, const v1::RelocationDecided& message,
                               Owed owed, const exchange::DecisionContext& context);
Told<jv1::PlacementEnded> ToldRevocation(const jv1::Relocation* one,
                                         const v1::RelocationRevoked& message,
                                         const exchange::DecisionContext& context);
// From the authority in charge, by way of the police unit.
Told<jv1::Heard> ToldHeard(const jv1::Relocation* one, const v1::RelocationHeard& message);
using FinalAnswer = std::variant<jv1::PlacementAccepted, jv1::PlacementEnded>;
Told<FinalAnswer> ToldAnswer(const jv1::Relocation* one,
                             const v1::RelocationPlacementAnswered& message,
                             const exchange::DecisionContext& context);

v1::RelocationDecided MessageOf(const jv1::Placed& placed);
v1::RelocationHeard MessageOf(const jv1::Heard& heard);

template <class Event>
exchange::Decision DecisionBy(const Told<FinalAnswer>& told) {
  if (const auto* instead = std::get_if<exchange::Decision>(&told)) return *instead;
  return std::visit(
      [](const auto& what) {
        return exchange::Decision().AddEvent(exchange::EventWith<Event>(what));
      },
      std::get<0>(told));
}

}  // namespace exitbus::relocation
