// That a person is out of custody now, earlier than anybody had planned (N-10): recorded by the
// unit that had him, heard at once by who is asked to take the case over and by the police.
#include <optional>
#include <string>

#include "exitbus/handover/v1/messages.pb.h"
#include "exitbus/kriminalforsorgen/v1/release_service.pb.h"
#include "exitbus/policy/v1/policy.pb.h"
#include "services/casework/addresses.h"
#include "services/casework/handover/evolve.h"
#include "services/casework/handover/handover.h"
#include "services/casework/handover/letters.h"
#include "services/casework/handover/rules.h"
#include "services/casework/methods.h"
#include "services/casework/programme/programmes.h"
#include "services/casework/release/release.h"
#include "services/exchange/proto_time.h"

namespace exitbus::casework {
namespace {

namespace kv1 = kriminalforsorgen::v1;
using exchange::FromProto;
using exchange::ToProto;

constexpr absl::Duration kReportedWithin = absl::Hours(7 * 24);
constexpr int kDaysToAnswer = 1;

// Who can be there for him until the case is taken over, and hears of it.
bool MayAct(const std::string& authority, const jv1::CaseFile& file,
            const DecisionContext& context) {
  if (authority.empty()) return false;
  const jv1::Handover* const open = OpenHandover(file);
  return authority == context.self->id || authority == PoliceIn(file) ||
         (open != nullptr && authority == open->counterpart());
}

Decision RecordReleased(const jv1::CaseFile& file, const kv1::RecordReleasedRequest& request,
                        const DecisionContext& context) {
  cv1::Released released = request.released();
  if (!released.has_released()) *released.mutable_released() = ToProto(context.now);
  const absl::Time when = FromProto(released.released());
  if (when > context.now || when < context.now - kReportedWithin) {
    return Invalid("release.released_when",
                   "The person is out by now, and since at most a week ago.");
  }
  if (released.ground() == cv1::RELEASE_GROUND_UNSPECIFIED) {
    return Invalid("release.ground_required", "Say by what the person is released, as a code.");
  }
  if (!MayAct(released.acts(), file, context)) {
    return Invalid("release.who_acts",
                   "Say which authority acts for the person until the case is taken over: this "
                   "one, who is asked to take it over, or the police unit of the case.");
  }
  jv1::CaseEvent event;
  *event.mutable_released_now()->mutable_released() = released;
  Decision decision;
  decision.AddEvent(event);
  ReplanFor(file, released, context, decision);
  return decision;
}

// A wait that is over its time already goes on being late.
bool IsSooner(const jv1::Handover& handover, const google::protobuf::Timestamp& due) {
  return handover.waiting_for() == hv1::SIDE_RECEIVER && !handover.escalated() &&
         FromProto(due) < FromProto(handover.due());
}

void Tell(const jv1::CaseFile& file, const jv1::Handover& handover, const DecisionContext& context,
          Decision& decision) {
  hv1::PersonReleased message;
  *message.mutable_released() = file.released();
  if (CrossesUnits(handover)) {
    decision.Notify(AddressOf(Whom::kReceivingPolice, file, &handover, context), message);
  }
  jv1::CaseEvent told = EventOf(handover);
  told.mutable_release_told();
  WaitFor(told, hv1::SIDE_RECEIVER, kDaysToAnswer, context);
  if (IsSooner(handover, told.wait().due())) {
    decision.AddEvent(told);
    *message.mutable_due() = told.wait().due();
  }
  decision.Notify(CounterpartOf(file, handover), message);
}

Decision OnReleased(const PartyLetter& letter, const hv1::PersonReleased& message) {
  const jv1::Handover& handover = letter.handover;
  if (HasEnded(handover)) return Decision::NoEffect("release_crossed_end");
  if (HasMoved(handover)) return Decision::NoEffect("crossed_take_over");
  if (letter.place.sender_kind != policy::v1::AUTHORITY_KIND_KRIMINALFORSORGEN) {
    return Decision::Refuse("release.not_from_custody",
                            "Only Kriminalforsorgen lets somebody out of custody.");
  }
  if (!message.released().has_released() || message.released().acts().empty()) {
    return Decision::Refuse("release.says_nothing",
                            "Say since when the person is out, and who acts for him.");
  }
  jv1::CaseEvent event = EventOf(handover);
  *event.mutable_release_learnt()->mutable_released() = message.released();
  if (message.has_due() && IsSooner(handover, message.due())) {
    Await(event, hv1::SIDE_RECEIVER, message.due());
  }
  return Decision().AddEvent(event);
}

void Record(jv1::CaseFile& file, const jv1::ReleasedNow& now) {
  *file.mutable_released() = now.released();
}
void NoteTold(jv1::Handover&, const jv1::ReleaseTold&) {}
void Learn(jv1::Handover& handover, const jv1::ReleaseLearnt& learnt) {
  *handover.mutable_released() = learnt.released();
}

bool IsSame(const cv1::Released& one, const cv1::Released& other) {
  return one.SerializeAsString() == other.SerializeAsString();
}

}  // namespace

const Rule kNotReleased{
    "release.released",
    "That the person is released is recorded. If he is in custody again: StateCustody.",
    [](const Situation& s) { return !s.file.has_released(); }};

void FollowReleased(const jv1::CaseFile& before, const DecisionContext& context,
                    Decision& decision) {
  if (!decision.accepted() || decision.events().empty()) return;
  const auto after = After(before, decision);
  if (!after->has_released() || !IsOursToPursue(*after)) return;
  const bool is_known = before.has_released() && IsSame(before.released(), after->released());
  const std::string police = PoliceIn(*after);
  const bool knows_police = is_known && PoliceIn(before) == police && !IsPoliceAsked(decision);
  if (!police.empty() && !knows_police) {
    hv1::PersonReleased message;
    *message.mutable_released() = after->released();
    decision.Notify(AddressOf(Whom::kPolice, *after, nullptr, context), message);
  }
  const jv1::Handover* const open = OpenHandover(*after);
  if (open == nullptr || open->side() != hv1::SIDE_HOLDER) return;
  if (is_known && FindHandover(before, open->handover_id()) != nullptr) return;
  Tell(*after, *open, context, decision);
}

void ServeReleased(CasePart& part) {
  // A safety act: no disk and no broker turns it away.
  part.Serve(OnCase({&kResponsible, &kInProgramme}, &RecordReleased, exchange::Needs::kNothing));
}

CasePart ReleasedPart() {
  CasePart part;
  part.On(AtReceiver(&OnReleased))
      .After(&Record)
      .After(OfHandover(&NoteTold))
      .After(OfHandover(&Learn));
  return part;
}

}  // namespace exitbus::casework
