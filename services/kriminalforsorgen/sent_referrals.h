// Whom this unit has referred to municipalities (services/referral).
#pragma once

#include "services/exchange/aggregate.h"

namespace exitbus::kriminalforsorgen {

exchange::Aggregate SentReferrals();

}  // namespace exitbus::kriminalforsorgen
