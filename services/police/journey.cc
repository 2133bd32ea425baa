// The journey of who moves, at the police units of both districts: each is alarmed by itself when
// the person is missing, and its officers may state where he is.
#include "services/relocation/journey.h"

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "exitbus/handover/v1/messages.pb.h"
#include "exitbus/police/v1/security_service.pb.h"
#include "exitbus/policy/v1/policy.pb.h"
#include "exitbus/relocation/v1/messages.pb.h"
#include "services/exchange/obligation.h"
#include "services/exchange/ports/telemetry.h"
#include "services/exchange/repeated.h"
#include "services/police/parts.h"
#include "services/police/relocation.h"
#include "services/police/security_decider.h"
#include "services/police/security_file.h"
#include "services/police/telling.h"
#include "services/police/transfer_letter.h"
#include "services/relocation/municipalities.h"
#include "services/relocation/placement.h"

namespace exitbus::police {
namespace {

namespace hv1 = handover::v1;
namespace lv1 = relocation::v1;
namespace pv1 = policy::v1;
using exchange::Decision;
using exchange::DecisionContext;
using Moved = std::optional<relocation::jv1::JourneyMoved>;

bool HasEnded(const jv1::Transfer& transfer) {
  return transfer.seen().stage() == v1::TRANSFER_STAGE_ENDED;
}

Moved HearOf(const jv1::Transfer& transfer, const lv1::Journey& said) {
  const v1::Transfer& seen = transfer.seen();
  const bool comes_back = said.stage() == lv1::JOURNEY_STAGE_TO_COME_BACK;
  return relocation::Hear(transfer.journey(), said, seen.handover_id(),
                          comes_back ? seen.holder() : seen.receiver());
}

// What is said of a journey, at a unit that follows the handover no more.
std::optional<Decision> TooLate(const TransferLetter& letter) {
  if (letter.transfer.seen().stage() == v1::TRANSFER_STAGE_MOVED && letter.leaves()) {
    return Decision::NoEffect("crossed_take_over");
  }
  if (HasEnded(letter.transfer) && letter.transfer.incoming()) {
    return Decision::NoEffect("journey_crossed_end");
  }
  return std::nullopt;
}

// What is said of a later departure than the next waits for that one's own word.
Decision Heard(const TransferLetter& letter, const lv1::Journey& said) {
  if (relocation::IsAheadOf(letter.transfer.journey(), said)) return Decision::Park();
  Moved moved = HearOf(letter.transfer, said);
  return moved ? Decision().AddEvent(exchange::EventWith<jv1::SecurityEvent>(*moved))
               : Decision::NoEffect("journey_known_or_over");
}

Decision OnDeparted(const TransferLetter& letter, const hv1::PersonDeparted& message) {
  if (!letter.from_holder()) return NotAParty();
  if (auto late = TooLate(letter)) return *std::move(late);
  if (auto fault = relocation::FaultIn(message, letter.context.now)) {
    return Decision::Refuse(*std::move(fault));
  }
  return Heard(letter, relocation::SaidBy(message));
}

Decision OnArrived(const TransferLetter& letter, const hv1::PersonArrived& message) {
  if (!letter.from_holder() && !letter.from_receiver()) return NotAParty();
  if (auto late = TooLate(letter)) return *std::move(late);
  if (auto fault = relocation::FaultIn(message)) return Decision::Refuse(*std::move(fault));
  return Heard(letter,
               relocation::SaidBy(message, letter.from_receiver() ? lv1::JOURNEY_STAGE_ARRIVED
                                                                  : lv1::JOURNEY_STAGE_BACK));
}

Decision OnAccountedFor(const TransferLetter& letter, const hv1::PersonAccountedFor& message) {
  if (!letter.from_counterpart()) return NotAParty();
  if (auto late = TooLate(letter)) return *std::move(late);
  if (auto fault = relocation::FaultIn(message)) return Decision::Refuse(*std::move(fault));
  return Heard(letter, relocation::SaidBy(message, letter.place.sender));
}

// Who answers for the case; while the handover is open its receiver and the other unit too.
void TellStatement(const jv1::SecurityFile& file, const jv1::Transfer& transfer,
                   const lv1::Journey& said, const DecisionContext& context, Decision& decision) {
  const hv1::PersonAccountedFor message = relocation::StatementOf(said);
  exchange::Party holder = HolderOf(file, context);
  holder.subject = transfer.seen().handover_id();
  const bool receives = IsOpen(transfer) && transfer.incoming();
  const auto as = receives ? pv1::RELATION_RECEIVING_POLICE : pv1::RELATION_POLICE;
  decision.Notify(as, holder, message);
  if (!IsOpen(transfer)) return;
  decision.Notify(as, ReceiverOf(transfer), message);
  if (transfer.seen().counterpart().empty()) return;
  decision.Notify(
      as, OtherUnit(transfer, receives ? pv1::RELATION_POLICE : pv1::RELATION_RECEIVING_POLICE),
      message);
}

Decision StateWhereabouts(const jv1::SecurityFile& file, const v1::StateWhereaboutsRequest& request,
                          const DecisionContext& context) {
  if (file.standing() != v1::POLICE_STANDING_IN_CHARGE &&
      file.standing() != v1::POLICE_STANDING_RECEIVING) {
    return NotInCharge();
  }
  if (request.whereabouts() == lv1::WHEREABOUTS_UNSPECIFIED) {
    return Decision::Refuse(
        exchange::BadInput("handover.whereabouts_required", "Say where the person is."));
  }
  const jv1::Transfer* const transfer = FollowedTransfer(file);
  if (transfer == nullptr) return Decision::Refuse(relocation::NobodyUnderWay());
  const lv1::Journey& seen = transfer->journey().seen();
  if (seen.stage() == lv1::JOURNEY_STAGE_ARRIVED || seen.stage() == lv1::JOURNEY_STAGE_BACK) {
    return Decision::Refuse(relocation::kHasArrived, relocation::kHasArrivedRemedy);
  }
  const lv1::Journey said =
      relocation::StateOf(transfer->journey(), request.whereabouts(), context);
  Moved moved = HearOf(*transfer, said);
  if (!moved) return Decision::Refuse("handover.stated_so", "That is what this unit has stated.");
  Decision decision;
  decision.AddEvent(exchange::EventWith<jv1::SecurityEvent>(*moved));
  TellStatement(file, *transfer, said, context, decision);
  return decision;
}

void Move(jv1::SecurityFile& file, const relocation::jv1::JourneyMoved& moved) {
  if (const jv1::Transfer* transfer = FindTransfer(file, moved.handover_id())) {
    *const_cast<jv1::Transfer*>(transfer)->mutable_journey() = moved.journey();
  }
}

std::vector<exchange::NamedObligation> ArrivalsOwed(const jv1::SecurityFile& file) {
  std::vector<exchange::NamedObligation> owed;
  for (const jv1::Transfer& transfer : file.transfers()) {
    owed.push_back({transfer.seen().handover_id(), &transfer.journey().next()});
  }
  return owed;
}

// The requests by which it is decided for where this handover leads.
std::vector<const relocation::jv1::Relocation*> RequestsOf(const jv1::SecurityFile& file,
                                                           const std::string& municipality) {
  std::vector<const relocation::jv1::Relocation*> requests;
  for (const relocation::jv1::Relocation& one : file.relocations()) {
    const bool leads_there = relocation::LastFor(one.seen(), municipality) != nullptr;
    if (leads_there && !one.assessor().empty()) requests.push_back(&one);
  }
  return requests;
}

std::string DestinationOf(const jv1::Transfer& transfer, const DecisionContext& context) {
  return relocation::CodeOf(transfer.seen().receiver(), *context.directory);
}

// Somebody is on his way to, or at, a place that is not clear.
bool IsInDanger(const jv1::SecurityFile& file, const DecisionContext& context) {
  const jv1::Transfer* const open = OpenTransfer(file);
  if (open == nullptr || open->incoming() || !relocation::IsAway(open->journey())) return false;
  const std::string destination = DestinationOf(*open, context);
  const auto requests = RequestsOf(file, destination);
  return !requests.empty() && !relocation::IsClear(*requests.back(), destination);
}

// The contact point knows the request, and hears the bare fact. Of several for one place each is
// told that nobody is missing any more.
void TellDesk(const jv1::SecurityFile& before, const jv1::SecurityFile& after,
              const DecisionContext& context, Decision& decision) {
  for (const jv1::Transfer& now : after.transfers()) {
    const jv1::Transfer* const was = FindTransfer(before, now.seen().handover_id());
    const bool is_missing = exchange::IsOverdue(now.journey().next());
    if (was == nullptr || !now.has_journey() ||
        exchange::IsOverdue(was->journey().next()) == is_missing) {
      continue;
    }
    auto requests = RequestsOf(after, DestinationOf(now, context));
    if (is_missing && requests.size() > 1) requests.erase(requests.begin(), requests.end() - 1);
    for (const auto* const request : requests) {
      lv1::RelocationArrivalOverdue message;
      message.set_accounted_for(!is_missing);
      decision.Notify(pv1::RELATION_POLICE, AssessorOf(*request), message);
    }
  }
}

}  // namespace

const jv1::Transfer* FollowedTransfer(const jv1::SecurityFile& file) {
  const auto* const missed = exchange::FindLastIn(file.transfers(), [](const auto& transfer) {
    return relocation::IsUnderWay(transfer.journey());
  });
  if (missed != nullptr) return missed;
  return exchange::FindLastIn(file.transfers(),
                              [](const auto& transfer) { return transfer.has_journey(); });
}

void FollowJourney(const jv1::SecurityFile& before, const DecisionContext& context,
                   Decision& decision) {
  if (decision.events().empty() || before.transfers().empty()) return;
  const auto after = After(before, decision);
  TellDesk(before, *after, context, decision);
  if (!IsInDanger(before, context) && IsInDanger(*after, context)) {
    decision.Report(exchange::Severity::kError, "relocation.departed_to_place_not_clear");
  }
}

SecurityPart Journeys() {
  SecurityPart part;
  part.Serve<v1::StateWhereaboutsRequest>({.target = &BySecurityId<v1::StateWhereaboutsRequest>,
                                           .decide = &StateWhereabouts,
                                           .view = &View,
                                           .needs = exchange::Needs::kNothing})
      .On(OfKnown(&OnDeparted))
      .On(OfKnown(&OnArrived))
      .On(OfKnown(&OnAccountedFor))
      .After(&Move)
      .Obligations("handover.arrival_overdue", &ArrivalsOwed);
  return part;
}

}  // namespace exitbus::police
