#include "services/casework/handover/ended.h"

#include "exitbus/handover/v1/messages.pb.h"
#include "services/casework/addresses.h"
#include "services/casework/handover/rules.h"
#include "services/exchange/proto_time.h"

namespace exitbus::casework {

void TellEnded(const jv1::CaseFile& before, const exchange::DecisionContext& context,
               exchange::Decision& decision) {
  for (const auto& event : decision.events()) {
    const auto& happened = static_cast<const jv1::CaseEvent&>(*event);
    if (!happened.has_rejected() && !happened.has_declined()) continue;
    const jv1::Handover* handover = FindHandover(before, happened.handover_id());
    if (handover == nullptr || handover->side() != hv1::SIDE_HOLDER) continue;
    hv1::HandoverRecalled message;
    *message.mutable_recalled() = exchange::ToProto(context.now);
    NotifyFollowers(before, *handover, message, context, decision);
  }
}

}  // namespace exitbus::casework
