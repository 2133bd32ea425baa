// What an inventory differs in from the entries. Internal to NEC.
#pragma once

#include "absl/time/time.h"
#include "exitbus/nec/v1/messages.pb.h"
#include "exitbus/nec_journal/v1/inventory.pb.h"
#include "services/exchange/decision.h"
#include "services/exchange/decision_context.h"

namespace exitbus::nec {

namespace jv1 = nec_journal::v1;

// Of one authority so many differences are kept. More are found once some of these are mended.
inline constexpr int kDifferencesMax = 200;
// What differs must be found twice, so far apart: until then what explains it may be on its way.
inline constexpr absl::Duration kFoundAgainAfter = absl::Hours(20);

// What `holder` has listed, against the entries: its differences from there to there are replaced
// by what is found now, and `decision` tells it of each that stands from now on, or no more.
//
// What stands was found twice alike: the same case, kind and responsibility number. A listed case
// is compared only where NEC has had just as many letters about it from this authority as that one
// had sent: else one of the two is ahead of the other, and what was found before stays as it is. Of
// a case that is not under this authority it hears one and the same, whether there is an entry or
// not.
void Compare(const v1::OverviewInventory& inventory, const exchange::DecisionContext& context,
             jv1::Holder& holder, exchange::Decision& decision);

}  // namespace exitbus::nec
