// How a measure moves, by whoever owns it: begun once, completed while it runs, stopped on a law of
// its owner's before it has ended (FUP-10 to FUP-12).
#pragma once

#include <optional>
#include <string>

#include "exitbus/casework/v1/measure.pb.h"
#include "services/exchange/decision.h"

namespace exitbus::taking_part {

struct Move {
  casework::v1::MeasureStage to;
  // Of one that is stopped.
  policy::v1::LegalBasis stopped_on = {};
  std::string reasons = {};
};

bool HasEnded(casework::v1::MeasureStage stage);

// nullopt: it may move so. UNSPECIFIED: it has not been begun.
std::optional<exchange::Decision> RefuseMove(casework::v1::MeasureStage before, const Move& move);

}  // namespace exitbus::taking_part
