// Who on duty is asked to read the precautions of somebody who is threatened: every 15 minutes the
// next of those that this authority has published for it, for a day, until somebody has read them.
#pragma once

#include <cstdint>
#include <vector>

#include "absl/time/time.h"
#include "services/exchange/aggregate.h"
#include "services/exchange/decision.h"
#include "services/exchange/decision_context.h"

namespace exitbus::casework::v1 {
class OnDuty;
class SecurityPicture;
}  // namespace exitbus::casework::v1

namespace exitbus::readiness {

struct Precautions {
  const casework::v1::SecurityPicture& picture;
  absl::Time learnt;
  std::uint32_t asked;  // how often somebody was
};

// When the next one is asked; empty: nobody has to be.
std::vector<exchange::Deadline> NextToAsk(const Precautions& precautions);

// Who that is, from now on; no fields: nobody is published for it.
casework::v1::OnDuty OnDutyNow(std::uint32_t asked, const exchange::DecisionContext& context);
// Operators hear once that nobody is, and each time that it goes on to the next.
void ReportAsked(std::uint32_t asked, const casework::v1::OnDuty& next,
                 exchange::Decision& decision);

}  // namespace exitbus::readiness
