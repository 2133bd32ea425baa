#include "services/contact_point/desk.h"

#include "exitbus/contact_point/v1/handover_desk.pb.h"
#include "exitbus/exchange/v1/body.pb.h"
#include "exitbus/handover/v1/messages.pb.h"
#include "exitbus/policy/v1/policy.pb.h"
#include "services/contact_point/monitored.h"
#include "services/exchange/compose.h"
#include "services/exchange/proto_time.h"
#include "services/policy/copy.h"

namespace exitbus::contact_point {
namespace {

namespace hv1 = handover::v1;
namespace pv1 = policy::v1;
using exchange::Decision;
using exchange::DecisionContext;
using exchange::Message;
using exchange::ToProto;

constexpr std::size_t kNoteBytesMax = 2000;

template <class Request>
std::string ById(const Request& request) {
  return MonitoredKey(request.contact_id());
}

// The side that is waited for, as what it is now.
exchange::Party WaitedFor(const jv1::Monitored& monitored, const v1::Escalation& escalation) {
  const bool holder = escalation.waiting_for() == hv1::SIDE_HOLDER;
  const bool moved = monitored.stage() == v1::MONITORED_STAGE_TAKEN_OVER;
  const pv1::Relation relation = holder  ? (moved ? pv1::RELATION_FORMER : pv1::RELATION_HOLDER)
                                 : moved ? pv1::RELATION_HOLDER
                                         : pv1::RELATION_RECEIVER;
  return {holder ? monitored.holder() : monitored.receiver(),
          relation,
          monitored.contact_id(),
          {},
          pv1::LEGAL_BASIS_UNSPECIFIED,
          pv1::PURPOSE_HANDOVER};
}

std::unique_ptr<Message> View(const jv1::Monitored& monitored) {
  if (monitored.contact_id().empty()) return nullptr;
  auto view = std::make_unique<v1::MonitoredHandover>();
  policy::CopyAlike(monitored, *view);
  return view;
}

std::unique_ptr<Message> ListView(const jv1::Monitored& monitored, std::string_view,
                                  const v1::ListMonitoredHandoversRequest& asked) {
  const bool left_out = asked.escalated_only() && OpenEscalation(monitored) == nullptr;
  return left_out ? nullptr : View(monitored);
}

Decision NudgeHandover(const jv1::Monitored& monitored, const v1::NudgeHandoverRequest&,
                       const DecisionContext& context) {
  const v1::Escalation* open = OpenEscalation(monitored);
  if (open == nullptr) {
    return Decision::Refuse("desk.nothing_waited_for",
                            "No wait of this handover is over its deadline.");
  }
  const exchange::Party to = WaitedFor(monitored, *open);
  jv1::MonitoredEvent event;
  v1::Nudge& nudge = *event.mutable_nudged()->mutable_nudge();
  *nudge.mutable_nudged() = ToProto(context.now);
  nudge.set_employee(context.caller.employee);
  nudge.set_authority(to.authority);
  hv1::HandoverNudged message;
  *message.mutable_nudged() = nudge.nudged();
  return Decision().AddEvent(event).Notify(pv1::RELATION_CONTACT_POINT, to, message);
}

Decision RecordNote(const jv1::Monitored&, const v1::RecordNoteRequest& request,
                    const DecisionContext& context) {
  if (request.text().empty() || request.text().size() > kNoteBytesMax) {
    return Decision::Refuse("desk.note_length",
                            "A note has 1 to 2000 bytes: what was agreed between the authorities.",
                            absl::StatusCode::kInvalidArgument);
  }
  jv1::MonitoredEvent event;
  v1::Note& note = *event.mutable_note_recorded()->mutable_note();
  *note.mutable_recorded() = ToProto(context.now);
  note.set_employee(context.caller.employee);
  note.set_text(request.text());
  return Decision().AddEvent(event);
}

// An order to erase what is unknown stands beside those before it.
Decision OnLetter(const decltype(exchange::Aggregate::decide_letter)& decide,
                  const jv1::Monitored& monitored, const exchange::LetterPlace& place,
                  const exchange::v1::Body& body, const DecisionContext& context) {
  if (!body.has_erasure_ordered()) {
    return decide(SeenBy(place.sender, monitored), place, body, context);
  }
  Decision decision = decide(monitored, place, body, context);
  if (!IsUnheardOf(monitored)) return decision;
  jv1::MonitoredEvent event;
  event.mutable_erased_unheard()->set_by(place.sender);
  return decision.AddEvent(event);
}

}  // namespace

MonitoredPart MonitoredMethods() {
  MonitoredPart part;
  part.Serve<v1::NudgeHandoverRequest>({.target = &ById, .decide = &NudgeHandover, .view = &View})
      .Serve<v1::RecordNoteRequest>({.target = &ById, .decide = &RecordNote, .view = &View})
      .Serve<v1::GetMonitoredHandoverRequest>({.target = &ById, .view = &View})
      .List<v1::ListMonitoredHandoversRequest>(
          {.prefix = MonitoredKey(""),
           .view = &ListView,
           .watch = exchange::MethodOf(v1::WatchMonitoredHandoversRequest::descriptor())});
  return part;
}

exchange::Aggregate MonitoredHandovers() {
  exchange::Aggregate monitored = exchange::Compose<jv1::Monitored, jv1::MonitoredEvent>(
      "monitored", {MonitoredLetters(), MonitoredEvents(), MonitoredMethods()},
      [](const exchange::LetterPlace& place) { return MonitoredKey(place.subject); });
  // What a police unit has erased is a request for relocation.
  monitored.letter_target = [of = monitored.letter_target](const exchange::LetterPlace& place,
                                                           const exchange::v1::Body& body) {
    const bool anothers =
        body.has_erasure_ordered() && place.sender_kind == pv1::AUTHORITY_KIND_POLICE;
    return anothers ? std::nullopt : of(place, body);
  };
  monitored.decide_letter = [decide = monitored.decide_letter](
                                const Message& state, const exchange::LetterPlace& place,
                                const exchange::v1::Body& body, const DecisionContext& context) {
    return OnLetter(decide, static_cast<const jv1::Monitored&>(state), place, body, context);
  };
  monitored.visibility = [](const Message&, pv1::Reader reader, const DecisionContext&) {
    return exchange::Visibility{reader, {pv1::CONDITION_OWN_PART}};
  };
  return monitored;
}

}  // namespace exitbus::contact_point
