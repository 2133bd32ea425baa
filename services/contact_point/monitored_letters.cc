// What the contact point makes of the letters it gets.
#include <string>
#include <utility>
#include <variant>

#include "exitbus/exchange/v1/body.pb.h"
#include "exitbus/exchange/v1/statement.pb.h"
#include "services/contact_point/monitored.h"
#include "services/exchange/erasure.h"
#include "services/exchange/proto_time.h"
#include "services/exchange/slips.h"

namespace exitbus::contact_point {
namespace {

namespace hv1 = handover::v1;
using exchange::Decision;
using Letter = exchange::Letter<jv1::Monitored>;

bool IsKnown(const jv1::Monitored& monitored) { return !monitored.contact_id().empty(); }

Decision NotAParty() {
  return Decision::Refuse("letter.not_a_party", "The sender is not a party of this handover.");
}

jv1::MonitoredEvent Begun(const Letter& letter, const std::string& holder,
                          const std::string& receiver) {
  jv1::MonitoredEvent event;
  event.mutable_begun()->set_contact_id(letter.place.subject);
  event.mutable_begun()->set_holder(holder);
  event.mutable_begun()->set_receiver(receiver);
  return event;
}

Decision OnRequested(const Letter& letter, const hv1::HandoverRequested& message) {
  if (IsKnown(letter.state)) return Decision::NoEffect("handover_known");
  return Decision().AddEvent(Begun(letter, letter.place.sender, message.receiver()));
}

// Both sides tell of waits, each of its own, and their letters cross.
bool IsOf(const v1::Escalation& wait, const hv1::HandoverEscalated& message) {
  return wait.waiting_for() == message.waiting_for() &&
         exchange::FromProto(wait.due()) == exchange::FromProto(message.due());
}

// Within a district this is the first that is heard of the handover.
Decision OnEscalated(const Letter& letter, const hv1::HandoverEscalated& message) {
  const jv1::Monitored& monitored = letter.state;
  const bool known = IsKnown(monitored);
  const std::string& holder = known ? monitored.holder() : message.holder();
  const std::string& receiver = known ? monitored.receiver() : message.receiver();
  if (letter.place.sender != holder && letter.place.sender != receiver) return NotAParty();
  const v1::Escalation* last = monitored.escalations().empty()
                                   ? nullptr
                                   : &monitored.escalations(monitored.escalations_size() - 1);
  Decision decision;
  jv1::MonitoredEvent event;
  if (message.has_answered()) {
    if (last == nullptr || last->has_answered() || !IsOf(*last, message)) {
      return Decision::NoEffect("answer_known_or_over");
    }
    *event.mutable_answered()->mutable_answered() = message.answered();
    return decision.AddEvent(event);
  }
  // A wait began when the one before it was answered, so that one was due before.
  if (last != nullptr && exchange::FromProto(message.due()) < exchange::FromProto(last->due())) {
    return Decision::NoEffect("escalation_over");
  }
  if (last != nullptr && !last->has_answered()) {
    // The next wait's other side is quicker to tell than the last one's: that one has an answer.
    *event.mutable_answered()->mutable_answered() = exchange::ToProto(letter.context.now);
    decision.AddEvent(event);
  }
  if (!known) decision.AddEvent(Begun(letter, holder, receiver));
  jv1::Escalated& escalated = *event.mutable_escalated();
  escalated.set_waiting_for(message.waiting_for());
  *escalated.mutable_due() = message.due();
  *escalated.mutable_escalated() = exchange::ToProto(letter.context.now);
  return decision.AddEvent(event);
}

Decision Ends(const Letter& letter, const std::string& whose) {
  if (letter.place.sender != whose) return NotAParty();
  if (letter.state.stage() != v1::MONITORED_STAGE_OPEN) {
    return Decision::NoEffect("end_known_or_over");
  }
  jv1::MonitoredEvent event;
  *event.mutable_ended()->mutable_ended() = exchange::ToProto(letter.context.now);
  return Decision().AddEvent(event);
}

Decision OnRejected(const Letter& letter, const hv1::HandoverRejected&) {
  return Ends(letter, letter.state.receiver());
}

Decision OnDeclined(const Letter& letter, const hv1::OfferDeclined&) {
  return Ends(letter, letter.state.receiver());
}

Decision OnRecalled(const Letter& letter, const hv1::HandoverRecalled&) {
  return Ends(letter, letter.state.holder());
}

Decision OnTakenOver(const Letter& letter, const hv1::CaseTakenOver& message) {
  if (letter.state.stage() != v1::MONITORED_STAGE_OPEN) {
    return Decision::Refuse("letter.out_of_turn",
                            "This handover is over; nothing can be taken over by it.");
  }
  auto checked = exchange::CheckSlip(message.slip(), message.number(), {letter.state.holder(), {}},
                                     letter.place, letter.context);
  if (auto* instead = std::get_if<Decision>(&checked)) return std::move(*instead);
  jv1::MonitoredEvent event;
  *event.mutable_taken_over()->mutable_instant() = message.instant();
  event.mutable_taken_over()->set_slip(message.slip());
  return Decision().AddEvent(event);
}

// The holder, as who asked for the handover; the receiver, once its slip has shown that it took the
// case over. Whoever is only asked, or came to nothing, has nothing erased.
Decision OnErasureOrdered(const Letter& letter, const casework::v1::ErasureOrdered& order) {
  const jv1::Monitored& monitored = letter.state;
  const bool has_it = monitored.stage() == v1::MONITORED_STAGE_TAKEN_OVER;
  if (IsKnown(monitored) && letter.place.sender != monitored.holder()) {
    if (letter.place.sender != monitored.receiver()) return NotAParty();
    if (monitored.stage() == v1::MONITORED_STAGE_OPEN) return Decision::Park();
    if (!has_it) {
      return Decision::Refuse("erasure.not_the_holder",
                              "Only who answers for the case orders that it be erased.");
    }
  }
  exchange::Holding holding;
  holding.keys = {MonitoredKey(letter.place.subject)};
  return exchange::EraseAsOrdered(holding, letter.place, order, letter.context,
                                  &exchange::ErasureAs<jv1::MonitoredEvent>);
}

}  // namespace

MonitoredPart MonitoredLetters() {
  MonitoredPart part;
  part.On(&OnRequested)
      .On(&OnEscalated)
      .On(exchange::OnceKnown(&IsKnown, &OnRejected))
      .On(exchange::OnceKnown(&IsKnown, &OnDeclined))
      .On(exchange::OnceKnown(&IsKnown, &OnRecalled))
      .On(exchange::OnceKnown(&IsKnown, &OnTakenOver))
      .On(&OnErasureOrdered);
  return part;
}

}  // namespace exitbus::contact_point
