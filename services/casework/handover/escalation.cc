#include "services/casework/handover/escalation.h"

#include <algorithm>
#include <utility>

#include "exitbus/policy/v1/policy.pb.h"
#include "services/casework/addresses.h"
#include "services/casework/handover/handover.h"
#include "services/casework/handover/letters.h"
#include "services/casework/handover/rules.h"
#include "services/exchange/proto_time.h"
#include "services/exchange/repeated.h"

namespace exitbus::casework {
namespace {

hv1::HandoverEscalated Escalated(const jv1::Handover& handover) {
  hv1::HandoverEscalated message;
  message.set_waiting_for(handover.waiting_for());
  *message.mutable_due() = handover.due();
  return message;
}

hv1::HandoverEscalated ForContactPoint(const jv1::Handover& handover,
                                       const DecisionContext& context) {
  hv1::HandoverEscalated message = Escalated(handover);
  message.set_holder(HolderOf(handover, context));
  message.set_receiver(ReceiverOf(handover, context));
  return message;
}

// Only the side that waits tells of it.
bool IsOursToTell(const jv1::Handover& handover) {
  return handover.side() != handover.waiting_for();
}

// It hears of a handover here for the first time, and the case has been taken over already.
void NotifyContactPointThatItMoved(const jv1::CaseFile& file, const jv1::Handover& handover,
                                   const DecisionContext& context, Decision& decision) {
  if (handover.side() != hv1::SIDE_RECEIVER || !HasMoved(handover) ||
      IsMonitoredByContactPoint(handover, context)) {
    return;
  }
  if (const auto desk = AddressOf(Whom::kContactPoint, file, &handover, context)) {
    NotifyTakenOver(*desk, handover, context, decision);
  }
}

bool MayFallDue(const jv1::Handover& handover) {
  return handover.waiting_for() != hv1::SIDE_UNSPECIFIED && !handover.escalated();
}

std::vector<exchange::Deadline> WaitDeadlines(const jv1::CaseFile& file) {
  std::vector<exchange::Deadline> deadlines;
  for (const jv1::Handover& handover : file.handovers()) {
    if (MayFallDue(handover)) {
      deadlines.push_back({handover.handover_id(), exchange::FromProto(handover.due())});
    }
  }
  return deadlines;
}

Decision DecideWaitDeadline(const jv1::CaseFile& file, std::string_view handover_id,
                            const DecisionContext& context) {
  const jv1::Handover* handover = FindHandover(file, handover_id);
  if (handover == nullptr || !MayFallDue(*handover) ||
      exchange::FromProto(handover->due()) > context.now) {
    return Decision::NoEffect("deadline_over");
  }
  jv1::CaseEvent event = EventOf(*handover);
  event.mutable_escalated();
  Decision decision;
  decision.AddEvent(event);
  if (IsOursToTell(*handover)) {
    const hv1::HandoverEscalated message = Escalated(*handover);
    decision.Notify(CounterpartOf(file, *handover), message);
    NotifyPolice(file, *handover, message, context, decision);
    decision.Notify(AddressOf(Whom::kContactPoint, file, handover, context),
                    ForContactPoint(*handover, context));
    NotifyContactPointThatItMoved(file, *handover, context, decision);
  }
  return decision;
}

// What it tells of may be answered here already, and another wait have begun: that one is not late.
Decision OnEscalated(const PartyLetter& letter, const hv1::HandoverEscalated& message) {
  const bool answered = letter.handover.waiting_for() != message.waiting_for();
  if ((answered || letter.handover.escalated()) && letter.handover.contact_point_notified()) {
    return Decision::NoEffect("escalation_known_or_over");
  }
  jv1::CaseEvent event = EventOf(letter.handover);
  event.mutable_escalated()->set_answered(answered);
  Decision decision;
  decision.AddEvent(event);
  NotifyContactPointThatItMoved(letter.file, letter.handover, letter.context, decision);
  return decision;
}

Decision OnNudged(const CaseLetter& letter, const hv1::HandoverNudged&) {
  const jv1::CaseFile& file = letter.state;
  const auto* const handover = exchange::FindIn(file.handovers(), [&](const jv1::Handover& one) {
    return one.contact_id() == letter.place.subject;
  });
  if (handover == nullptr) return Decision::Park();
  if (handover->waiting_for() != handover->side())
    return Decision::NoEffect("nudge_crossed_answer");
  jv1::CaseEvent event = EventOf(*handover);
  event.mutable_nudged();
  return Decision().AddEvent(event);
}

}  // namespace

CasePart WaitPart() {
  CasePart part;
  part.On(AtEitherSide(&OnEscalated))
      .On(&OnNudged)
      .Due("handover", &WaitDeadlines, &DecideWaitDeadline);
  return part;
}

void TellAnswered(const jv1::CaseFile& before, const DecisionContext& context, Decision& decision) {
  const auto is_ours = [](const jv1::Handover& h) { return h.escalated() && IsOursToTell(h); };
  const auto& handovers = before.handovers();
  if (decision.events().empty() || std::none_of(handovers.begin(), handovers.end(), is_ours)) {
    return;
  }
  const auto after = After(before, decision);
  for (const jv1::Handover& handover : handovers) {
    if (!is_ours(handover)) continue;
    const jv1::Handover* now = FindHandover(*after, handover.handover_id());
    if (now != nullptr && now->escalated()) continue;
    hv1::HandoverEscalated message = ForContactPoint(handover, context);
    *message.mutable_answered() = exchange::ToProto(context.now);
    decision.Notify(AddressOf(Whom::kContactPoint, before, &handover, context), message);
  }
}

}  // namespace exitbus::casework
