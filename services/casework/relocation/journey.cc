// The journey of who moves, at both sides of the handover: departure and arrival are two acts by
// two authorities, and whoever has departed is somebody's to find until he is there.
#include "services/relocation/journey.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "exitbus/handover/v1/handover_service.pb.h"
#include "exitbus/handover/v1/messages.pb.h"
#include "services/casework/addresses.h"
#include "services/casework/handover/evolve.h"
#include "services/casework/handover/handover.h"
#include "services/casework/handover/letters.h"
#include "services/casework/handover/rules.h"
#include "services/casework/methods.h"
#include "services/casework/relocation/relocation.h"
#include "services/exchange/proto_time.h"

namespace exitbus::casework {
namespace {

namespace lv1 = relocation::v1;
using exchange::Needs;
using Moved = std::optional<relocation::jv1::JourneyMoved>;

const Rule kDecidedFor{"relocation.not_decided_for",
                       "A journey is of a relocation that is decided for the receiver.",
                       [](const Situation& s) { return !s.handover->inquiry_id().empty(); }};

const Rule kDecisionStands{
    "relocation.decision_ended",
    "The decision for this place does not stand any more. Nobody departs for it.",
    [](const Situation& s) { return FollowedBy(s.file, *s.handover) != nullptr; }};

// By a handover that this is said of.
template <class Pick>
bool IsUnderWayBy(const jv1::CaseFile& file, Pick pick) {
  return std::any_of(file.handovers().begin(), file.handovers().end(),
                     [&](const jv1::Handover& handover) {
                       return pick(handover) && relocation::IsUnderWay(handover.journey());
                     });
}

Moved HearOf(const jv1::Handover& handover, const lv1::Journey& said,
             const DecisionContext& context) {
  const bool holds = handover.side() == hv1::SIDE_HOLDER;
  const bool comes_back = said.stage() == lv1::JOURNEY_STAGE_TO_COME_BACK;
  return relocation::Hear(handover.journey(), said, handover.handover_id(),
                          holds && !comes_back ? handover.counterpart() : context.self->id);
}

jv1::CaseEvent AsEvent(relocation::jv1::JourneyMoved moved) {
  jv1::CaseEvent event = EventOf(moved.handover_id());
  *event.mutable_journey_moved() = std::move(moved);
  return event;
}

// The other side hears it while the handover is open, and the units as long as they follow it. Who
// has let the case go hears nothing.
void Tell(const jv1::CaseFile& file, const jv1::Handover& handover,
          const google::protobuf::Message& message, const DecisionContext& context,
          Decision& decision) {
  if (IsOpen(handover)) {
    decision.Notify(CounterpartOf(file, handover), message);
    return NotifyPolice(file, handover, message, context, decision);
  }
  const Whom unit = HasMoved(handover) ? Whom::kReceivingPolice : Whom::kPolice;
  decision.Notify(AddressOf(unit, file, &handover, context), message);
}

Decision RecordDeparture(const jv1::CaseFile& file, const jv1::Handover& handover,
                         const hv1::RecordDepartureRequest& request,
                         const DecisionContext& context) {
  const absl::Time expected = exchange::FromProto(request.expected());
  if (auto fault = relocation::FaultIn(expected, context.now)) {
    return Decision::Refuse(*std::move(fault));
  }
  const absl::Time due = relocation::MissingFrom(expected, IsUnderThreat(file), context);
  const lv1::Journey said = relocation::Depart(handover.journey(), expected, due, context.now);
  Decision decision;
  decision.AddEvent(AsEvent(*HearOf(handover, said, context)));
  Tell(file, handover, relocation::DepartureOf(said), context, decision);
  return decision;
}

Decision RecordArrival(const jv1::CaseFile& file, const jv1::Handover& handover,
                       const hv1::RecordArrivalRequest&, const DecisionContext& context) {
  if (!handover.has_journey()) return Decision::Refuse(relocation::NobodyUnderWay());
  const lv1::JourneyStage where =
      handover.side() == hv1::SIDE_HOLDER ? lv1::JOURNEY_STAGE_BACK : lv1::JOURNEY_STAGE_ARRIVED;
  const lv1::Journey said = relocation::Arrive(handover.journey(), where, context.now);
  const Moved moved = HearOf(handover, said, context);
  if (!moved) return Decision::Refuse(relocation::kHasArrived, relocation::kHasArrivedRemedy);
  Decision decision;
  decision.AddEvent(AsEvent(*moved));
  Tell(file, handover, relocation::ArrivalOf(said), context, decision);
  return decision;
}

// The holder alone counts departures: here a letter about one that it never recorded is a fault. At
// the receiver it comes before the holder's own, or waits for it.
Decision Heard(const jv1::Handover& handover, const lv1::Journey& said,
               const DecisionContext& context) {
  if (handover.side() == hv1::SIDE_HOLDER && said.number() > handover.journey().seen().number()) {
    return OutOfTurn();
  }
  if (relocation::IsAheadOf(handover.journey(), said)) return Decision::Park();
  const Moved moved = HearOf(handover, said, context);
  return moved ? Decision().AddEvent(AsEvent(*moved)) : Decision::NoEffect("journey_known_or_over");
}

// Why what is said of a journey changes nothing here; nullopt: it may. The holder hears it after
// the end too: who has arrived where nobody takes over has to come back.
std::optional<Decision> TooLate(const jv1::Handover& handover) {
  if (handover.side() == hv1::SIDE_HOLDER) {
    return HasMoved(handover) ? std::optional(Decision::NoEffect("crossed_take_over"))
                              : std::nullopt;
  }
  return HasEnded(handover) ? std::optional(Decision::NoEffect("journey_crossed_end"))
                            : std::nullopt;
}

bool MayHaveJourney(const jv1::Handover& handover) {
  return !IsBeforeAcceptance(handover) && !handover.inquiry_id().empty();
}

// Once it has acknowledged the take-over nobody departs from the former holder.
Decision OnDeparted(const PartyLetter& letter, const hv1::PersonDeparted& message) {
  if (auto late = TooLate(letter.handover)) return *std::move(late);
  const bool is_over = letter.handover.stage() == hv1::HANDOVER_STAGE_ACKNOWLEDGED ||
                       letter.handover.stage() == hv1::HANDOVER_STAGE_CLOSED;
  if (!MayHaveJourney(letter.handover) || is_over || message.back()) return OutOfTurn();
  if (auto fault = relocation::FaultIn(message, letter.context.now)) {
    return Decision::Refuse(*std::move(fault));
  }
  return Heard(letter.handover, relocation::SaidBy(message), letter.context);
}

Decision OnArrived(const PartyLetter& letter, const hv1::PersonArrived& message) {
  const jv1::Handover& handover = letter.handover;
  if (auto late = TooLate(handover)) return *std::move(late);
  if (!MayHaveJourney(handover)) return OutOfTurn();
  if (auto fault = relocation::FaultIn(message)) return Decision::Refuse(*std::move(fault));
  const auto where =
      handover.side() == hv1::SIDE_RECEIVER ? lv1::JOURNEY_STAGE_BACK : lv1::JOURNEY_STAGE_ARRIVED;
  return Heard(handover, relocation::SaidBy(message, where), letter.context);
}

// From either unit.
Decision OnAccountedFor(const CaseLetter& letter, const hv1::PersonAccountedFor& message) {
  const jv1::Handover* const handover = FindHandover(letter.state, letter.place.subject);
  if (handover == nullptr) return Decision::Park();
  // What a handover was before it was erased here is not known any more.
  if (auto late = TooLate(*handover)) return *std::move(late);
  if (letter.place.sender != handover->police() &&
      letter.place.sender != handover->receiving_police()) {
    return Decision::Refuse("letter.not_the_police_unit",
                            "Only the two districts' units tell this.");
  }
  if (!MayHaveJourney(*handover)) return OutOfTurn();
  if (auto fault = relocation::FaultIn(message)) return Decision::Refuse(*std::move(fault));
  return Heard(*handover, relocation::SaidBy(message, letter.place.sender), letter.context);
}

void Move(jv1::Handover& handover, const relocation::jv1::JourneyMoved& moved) {
  *handover.mutable_journey() = moved.journey();
}

std::vector<exchange::NamedObligation> ArrivalsOwed(const jv1::CaseFile& file) {
  std::vector<exchange::NamedObligation> owed;
  for (const jv1::Handover& handover : file.handovers()) {
    owed.push_back({handover.handover_id(), &handover.journey().next()});
  }
  return owed;
}

}  // namespace

bool IsUnderThreat(const jv1::CaseFile& file) {
  const cv1::ThreatLevel level = file.security().threat_level();
  return level != cv1::THREAT_LEVEL_NONE && level != cv1::THREAT_LEVEL_LOW;
}

const Rule kHasArrived{
    "handover.not_arrived",
    "The person has departed. The case is taken over once he is here: RecordArrival.",
    [](const Situation& s) {
      return !s.handover->has_journey() || relocation::HasArrived(s.handover->journey());
    }};

const Rule kNobodyUnderWay{
    "handover.person_under_way",
    "The person has departed. First somebody says where he is: RecordArrival, or the police.",
    [](const Situation& s) { return !IsUnderWayBy(s.file, [](const auto&) { return true; }); }};

const Rule kNobodyElsewhere{kNobodyUnderWay.name, kNobodyUnderWay.remedy, [](const Situation& s) {
                              return !IsUnderWayBy(s.file, [&](const jv1::Handover& other) {
                                return &other != s.handover;
                              });
                            }};

void FollowJourney(const jv1::CaseFile& before, const DecisionContext& context,
                   Decision& decision) {
  if (decision.events().empty() ||
      std::none_of(before.handovers().begin(), before.handovers().end(),
                   [](const jv1::Handover& handover) { return handover.has_journey(); })) {
    return;
  }
  const auto after = After(before, decision);
  const absl::Time due = relocation::MissingFrom(context.now, IsUnderThreat(*after), context);
  for (const jv1::Handover& handover : after->handovers()) {
    if (handover.side() != hv1::SIDE_HOLDER || !HasEnded(handover) ||
        !relocation::IsAway(handover.journey())) {
      continue;
    }
    const lv1::Journey said = relocation::ComeBack(handover.journey(), due, context.now);
    decision.AddEvent(AsEvent(*HearOf(handover, said, context)));
    Tell(*after, handover, relocation::DepartureOf(said), context, decision);
  }
}

CasePart JourneyPart() {
  CasePart part;
  part.Serve(OnHandover({&kHolderMoves, &kNotTakenOver, &kNotEnded, &kDecidedFor, &kHasAccepted,
                         &kRecallNotAsked, &kDecisionStands, &kNobodyUnderWay, &kAddressSecured},
                        &RecordDeparture))
      // A safety act: it is never turned away.
      .Serve(OnHandover({}, &RecordArrival, Needs::kNothing))
      .On(AtReceiver(&OnDeparted))
      .On(AtEitherSide(&OnArrived))
      .On(&OnAccountedFor)
      .After(OfHandover(&Move))
      .Obligations("handover.arrival_overdue", &ArrivalsOwed);
  return part;
}

}  // namespace exitbus::casework
