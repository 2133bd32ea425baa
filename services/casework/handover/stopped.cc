#include "services/casework/handover/stopped.h"

#include "exitbus/exchange/v1/body.pb.h"
#include "exitbus/handover/v1/messages.pb.h"
#include "exitbus/policy/v1/policy.pb.h"
#include "services/casework/handover/handover.h"
#include "services/casework/handover/letters.h"
#include "services/casework/handover/rules.h"

namespace exitbus::casework {
namespace {

constexpr auto kWhy = hv1::REJECTION_CODE_CORRESPONDENCE_STOPPED;

const jv1::Handover* HandoverWith(const jv1::CaseFile& file, std::string_view handover_id,
                                  std::string_view counterpart) {
  const jv1::Handover* handover = FindHandover(file, handover_id);
  return handover != nullptr && handover->counterpart() == counterpart ? handover : nullptr;
}

Decision TakenAsTold(const jv1::CaseFile& file, const jv1::Handover& handover,
                     const DecisionContext& context) {
  const exchange::LetterPlace place{handover.counterpart(), policy::v1::CHANNEL_HANDOVER,
                                    handover.handover_id(), 0};
  const exchange::v1::Body nothing_more;
  const PartyLetter letter{file, handover, place, nothing_more, context};
  if (handover.stage() == hv1::HANDOVER_STAGE_OFFERED) {
    hv1::OfferDeclined declined;
    declined.set_number(handover.offered_number());
    declined.set_rejection(kWhy);
    return OnDeclined(letter, declined);
  }
  hv1::HandoverRejected rejected;
  rejected.set_rejection(kWhy);
  return OnRejected(letter, rejected);
}

Decision EndAtReceiver(const jv1::CaseFile& file, const jv1::Handover& handover,
                       const DecisionContext& context) {
  Decision decision;
  if (handover.stage() == hv1::HANDOVER_STAGE_OFFERED) {
    Decline(file, handover, kWhy, context, decision);
  } else {
    Reject(file, handover, kWhy, context, decision);
  }
  return decision;
}

}  // namespace

Decision NoteStopped(const jv1::CaseFile& file, std::string_view handover_id,
                     std::string_view counterpart, bool stopped) {
  const jv1::Handover* handover = HandoverWith(file, handover_id, counterpart);
  if (handover == nullptr || handover->correspondence_stopped() == stopped) {
    return Decision::NoEffect("stop_shown");
  }
  jv1::CaseEvent event = EventOf(*handover);
  event.mutable_correspondence_stopped()->set_stopped(stopped);
  return Decision().AddEvent(event);
}

Decision EndByAgreement(const jv1::CaseFile& file, std::string_view handover_id,
                        std::string_view counterpart, bool proposes,
                        const DecisionContext& context) {
  const jv1::Handover* handover = HandoverWith(file, handover_id, counterpart);
  if (handover == nullptr) {
    // The receiver may never have heard of it, or have erased it since: then it takes over nothing.
    return proposes ? Decision::Refuse("settlement.no_such_handover",
                                       "There is no handover of this id with this authority.")
                    : Decision::NoEffect("settlement_of_unknown");
  }
  if ((handover->side() == hv1::SIDE_HOLDER) != proposes) {
    return Decision::Refuse("settlement.holder_proposes",
                            "The holder's operators propose that a handover ends, the receiver's "
                            "agree.");
  }
  if (HasEnded(*handover)) return Decision::NoEffect("settlement_crossed_end");
  if (!IsOpen(*handover)) {
    return Decision::Refuse("settlement.taken_over",
                            "Responsibility has moved. Propose that the correspondence goes on "
                            "instead, so that the other side hears of it.");
  }
  return proposes ? TakenAsTold(file, *handover, context) : EndAtReceiver(file, *handover, context);
}

}  // namespace exitbus::casework
