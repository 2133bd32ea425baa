#include "services/contact_point/desk.h"

#include "exitbus/contact_point/v1/handover_desk.pb.h"
#include "exitbus/handover/v1/messages.pb.h"
#include "exitbus/policy/v1/policy.pb.h"
#include "services/exchange/erasure.h"
#include "services/exchange/proto_time.h"

namespace exitbus::contact_point {
namespace {

namespace hv1 = handover::v1;
namespace pv1 = policy::v1;
using exchange::Decision;
using exchange::Facts;
using exchange::Message;
using exchange::Method;
using exchange::ToProto;

constexpr std::size_t kNoteBytesMax = 2000;
constexpr char kPrefix[] = "followed/";

const jv1::Followed& Of(const Message& state) { return static_cast<const jv1::Followed&>(state); }

// The wait that is over its deadline and not answered; null: none.
const v1::Escalation* OpenEscalation(const jv1::Followed& followed) {
  if (followed.escalations().empty()) return nullptr;
  const v1::Escalation& last = followed.escalations(followed.escalations_size() - 1);
  return last.has_answered() ? nullptr : &last;
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
  view->set_contact_id(followed.contact_id());
  view->set_holder(followed.holder());
  view->set_receiver(followed.receiver());
  view->set_stage(followed.stage());
  if (followed.has_taken_over()) *view->mutable_taken_over() = followed.taken_over();
  *view->mutable_escalations() = followed.escalations();
  *view->mutable_notes() = followed.notes();
  return view;
}

template <class Request>
Method On(const std::string& rpc,
          Decision (*decide)(const jv1::Followed&, const Request&, const Facts&) = nullptr) {
  Method method;
  method.name = "exitbus.contact_point.v1.HandoverDeskService." + rpc;
  method.target = [](const Message& request) {
    return kPrefix + static_cast<const Request&>(request).contact_id();
  };
  if (decide != nullptr) {
    method.decide = [decide](const Message& state, const Message& request, const Facts& facts) {
      return decide(Of(state), static_cast<const Request&>(request), facts);
    };
  }
  method.view = [](const Message& state, const Message&, const Facts&) { return View(Of(state)); };
  return method;
}

Method ListMethod() {
  Method list;
  list.name = "exitbus.contact_point.v1.HandoverDeskService.ListFollowedHandovers";
  list.list_prefix = kPrefix;
  list.watch = "exitbus.contact_point.v1.HandoverDeskService.WatchFollowedHandovers";
  list.list_view = [](const Message& state, std::string_view, const Message& asked,
                      const Facts&) -> std::unique_ptr<Message> {
    const bool only = static_cast<const v1::ListFollowedHandoversRequest&>(asked).escalated_only();
    return only && OpenEscalation(Of(state)) == nullptr ? nullptr : View(Of(state));
  };
  return list;
}

}  // namespace

void Evolve(jv1::Followed& followed, const jv1::FollowedEvent& event) {
  switch (event.what_case()) {
    case jv1::FollowedEvent::kBegun:
      followed.set_contact_id(event.begun().contact_id());
      followed.set_holder(event.begun().holder());
      followed.set_receiver(event.begun().receiver());
      followed.set_stage(v1::FOLLOWED_STAGE_OPEN);
      return;
    case jv1::FollowedEvent::kEscalated: {
      v1::Escalation& escalation = *followed.add_escalations();
      escalation.set_waiting_for(event.escalated().waiting_for());
      *escalation.mutable_due() = event.escalated().due();
      *escalation.mutable_escalated() = event.escalated().escalated();
      return;
    }
    case jv1::FollowedEvent::kAnswered:
      if (!followed.escalations().empty()) {
        *followed.mutable_escalations(followed.escalations_size() - 1)->mutable_answered() =
            event.answered().answered();
      }
      return;
    case jv1::FollowedEvent::kNudged:
      if (!followed.escalations().empty()) {
        *followed.mutable_escalations(followed.escalations_size() - 1)->add_nudges() =
            event.nudged().nudge();
      }
      return;
    case jv1::FollowedEvent::kNoteRecorded:
      *followed.add_notes() = event.note_recorded().note();
      return;
    case jv1::FollowedEvent::kEnded:
      followed.set_stage(v1::FOLLOWED_STAGE_ENDED);
      return;
    case jv1::FollowedEvent::kTakenOver:
      followed.set_stage(v1::FOLLOWED_STAGE_TAKEN_OVER);
      *followed.mutable_taken_over() = event.taken_over().instant();
      return;
    case jv1::FollowedEvent::kErasure:
      return exchange::EvolveErased(followed, event.erasure());
    case jv1::FollowedEvent::WHAT_NOT_SET:
      return;
  }
}

std::string LetterKey(std::string_view contact_id) { return kPrefix + std::string(contact_id); }

Decision NudgeHandover(const jv1::Followed& followed, const v1::NudgeHandoverRequest&,
                       const Facts& facts) {
  const v1::Escalation* open = OpenEscalation(followed);
  if (open == nullptr) {
    return Decision::Refuse("desk.nothing_waited_for",
                            "No wait of this handover is over its deadline.");
  }
  const exchange::Party to = WaitedFor(followed, *open);
  jv1::FollowedEvent event;
  v1::Nudge& nudge = *event.mutable_nudged()->mutable_nudge();
  *nudge.mutable_nudged() = ToProto(facts.now);
  nudge.set_employee(facts.caller.employee);
  nudge.set_authority(to.authority);
  hv1::HandoverNudged told;
  *told.mutable_nudged() = nudge.nudged();
  return Decision().Happened(event).Tell(pv1::RELATION_CONTACT_POINT, to, told);
}

Decision RecordNote(const jv1::Followed&, const v1::RecordNoteRequest& request,
                    const Facts& facts) {
  if (request.text().empty() || request.text().size() > kNoteBytesMax) {
    return Decision::Refuse("desk.note_length",
                            "A note has 1 to 2000 bytes: what was agreed between the authorities.",
                            absl::StatusCode::kInvalidArgument);
  }
  jv1::FollowedEvent event;
  v1::Note& note = *event.mutable_note_recorded()->mutable_note();
  *note.mutable_recorded() = ToProto(facts.now);
  note.set_employee(facts.caller.employee);
  note.set_text(request.text());
  return Decision().Happened(event);
}

exchange::Aggregate FollowedHandovers() {
  exchange::Aggregate followed;
  followed.name = "followed";
  followed.new_state = [] { return std::make_unique<jv1::Followed>(); };
  followed.evolve = [](Message& state, const Message& event) {
    Evolve(static_cast<jv1::Followed&>(state), static_cast<const jv1::FollowedEvent&>(event));
  };
  followed.keys = [](const Message& state, const exchange::Lookup&) {
    const jv1::Followed& each = Of(state);
    return each.has_erasure() ? exchange::KeysOf(each.erasure())
                              : std::vector<std::string>{LetterKey(each.contact_id())};
  };
  followed.deadlines = [](const Message&) { return std::vector<exchange::Deadline>(); };
  followed.letter_target = [](const exchange::LetterPlace& place,
                              const exchange::v1::Body& body) -> std::optional<std::string> {
    if (!exchange::IsAboutErasure(body) && place.exchange != pv1::EXCHANGE_HANDOVER)
      return std::nullopt;
    return LetterKey(place.subject);
  };
  followed.decide_letter = [](const Message& state, const exchange::LetterPlace& place,
                              const exchange::v1::Body& body, const Facts& facts) {
    return DecideLetter(Of(state), place, body, facts);
  };
  followed.decide_deadline = [](const Message&, std::string_view, const Facts&) {
    return Decision::NoEffect("no_deadlines");
  };
  followed.may_still_go = [](const Message&, pv1::LegalBasis, absl::Time) { return true; };
  followed.eyes = [](const Message&, pv1::Reader reader, const Facts&) {
    return exchange::Eyes{reader, {pv1::CONDITION_OWN_PART}};
  };
  followed.methods = {On<v1::NudgeHandoverRequest>("NudgeHandover", &NudgeHandover),
                      On<v1::RecordNoteRequest>("RecordNote", &RecordNote),
                      On<v1::GetFollowedHandoverRequest>("GetFollowedHandover"), ListMethod()};
  return followed;
}

}  // namespace exitbus::contact_point
