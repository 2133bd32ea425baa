// What several kinds of authority make alike of a letter: what happens by it, or what becomes of it
// where nothing does. Each puts what happens into an event of its own.
#pragma once

#include <variant>

#include "services/exchange/decision.h"
#include "services/exchange/typed.h"

namespace exitbus::exchange {

template <class What>
using Told = std::variant<What, Decision>;

// The decision by what was told: the event, if it happens.
template <class Event, class What>
Decision DecisionBy(const Told<What>& told) {
  if (const auto* instead = std::get_if<Decision>(&told)) return *instead;
  return Decision().AddEvent(EventWith<Event>(std::get<What>(told)));
}

}  // namespace exitbus::exchange
