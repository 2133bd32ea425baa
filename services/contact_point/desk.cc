#include "services/contact_point/desk.h"

#include "exitbus/contact_point/v1/handover_desk.pb.h"
#include "exitbus/handover/v1/messages.pb.h"
#include "exitbus/policy/v1/policy.pb.h"
#include "services/contact_point/followed.h"
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
  return FollowedKey(request.contact_id());
}

// The side that is waited for, as what it is now.
exchange::Party WaitedFor(const jv1::Followed& followed, const v1::Escalation& escalation) {
  const bool holder = escalation.waiting_for() == hv1::SIDE_HOLDER;
  const bool moved = followed.stage() == v1::FOLLOWED_STAGE_TAKEN_OVER;
  const pv1::Relation relation = holder  ? (moved ? pv1::RELATION_FORMER : pv1::RELATION_HOLDER)
                                 : moved ? pv1::RELATION_HOLDER
                                         : pv1::RELATION_RECEIVER;
  return {holder ? followed.holder() : followed.receiver(),
          relation,
          followed.contact_id(),
          {},
          pv1::LEGAL_BASIS_RHL,
          pv1::PURPOSE_HANDOVER};
}

std::unique_ptr<Message> View(const jv1::Followed& followed) {
  if (followed.contact_id().empty()) return nullptr;
  auto view = std::make_unique<v1::FollowedHandover>();
  policy::CopyAlike(followed, *view);
  return view;
}

std::unique_ptr<Message> ListView(const jv1::Followed& followed, std::string_view,
                                  const v1::ListFollowedHandoversRequest& asked) {
  const bool left_out = asked.escalated_only() && OpenEscalation(followed) == nullptr;
  return left_out ? nullptr : View(followed);
}

Decision NudgeHandover(const jv1::Followed& followed, const v1::NudgeHandoverRequest&,
                       const DecisionContext& context) {
  const v1::Escalation* open = OpenEscalation(followed);
  if (open == nullptr) {
    return Decision::Refuse("desk.nothing_waited_for",
                            "No wait of this handover is over its deadline.");
  }
  const exchange::Party to = WaitedFor(followed, *open);
  jv1::FollowedEvent event;
  v1::Nudge& nudge = *event.mutable_nudged()->mutable_nudge();
  *nudge.mutable_nudged() = ToProto(context.now);
  nudge.set_employee(context.caller.employee);
  nudge.set_authority(to.authority);
  hv1::HandoverNudged told;
  *told.mutable_nudged() = nudge.nudged();
  return Decision().AddEvent(event).Notify(pv1::RELATION_CONTACT_POINT, to, told);
}

Decision RecordNote(const jv1::Followed&, const v1::RecordNoteRequest& request,
                    const DecisionContext& context) {
  if (request.text().empty() || request.text().size() > kNoteBytesMax) {
    return Decision::Refuse("desk.note_length",
                            "A note has 1 to 2000 bytes: what was agreed between the authorities.",
                            absl::StatusCode::kInvalidArgument);
  }
  jv1::FollowedEvent event;
  v1::Note& note = *event.mutable_note_recorded()->mutable_note();
  *note.mutable_recorded() = ToProto(context.now);
  note.set_employee(context.caller.employee);
  note.set_text(request.text());
  return Decision().AddEvent(event);
}

}  // namespace

FollowedPart FollowedMethods() {
  FollowedPart part;
  part.Serve<v1::NudgeHandoverRequest>({.target = &ById, .decide = &NudgeHandover, .view = &View})
      .Serve<v1::RecordNoteRequest>({.target = &ById, .decide = &RecordNote, .view = &View})
      .Serve<v1::GetFollowedHandoverRequest>({.target = &ById, .view = &View})
      .List<v1::ListFollowedHandoversRequest>(
          {.prefix = FollowedKey(""),
           .view = &ListView,
           .watch = exchange::MethodOf(v1::WatchFollowedHandoversRequest::descriptor())});
  return part;
}

exchange::Aggregate FollowedHandovers() {
  exchange::Aggregate followed = exchange::Compose<jv1::Followed, jv1::FollowedEvent>(
      "followed", {FollowedLetters(), FollowedEvents(), FollowedMethods()},
      [](const exchange::LetterPlace& place) { return FollowedKey(place.subject); });
  followed.visibility = [](const Message&, pv1::Reader reader, const DecisionContext&) {
    return exchange::Visibility{reader, {pv1::CONDITION_OWN_PART}};
  };
  return followed;
}

}  // namespace exitbus::contact_point
