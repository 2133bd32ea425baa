// How the desk decides for a place: the citizen and the authority in charge are heard, the places
// are ranked, and a person decides for one that has room.
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "exitbus/policy/v1/policy.pb.h"
#include "exitbus/relocation/v1/decision_service.pb.h"
#include "exitbus/relocation/v1/messages.pb.h"
#include "services/contact_point/relocation.h"
#include "services/exchange/obligation.h"
#include "services/relocation/hearing.h"
#include "services/relocation/municipalities.h"
#include "services/relocation/placement.h"
#include "services/relocation/ranking.h"
#include "services/relocation/told.h"

namespace exitbus::contact_point {
namespace {

namespace lv1 = relocation::v1;
namespace pv1 = policy::v1;
using exchange::BadInput;
using exchange::Decision;
using exchange::DecisionContext;
using exchange::EventWith;
using exchange::RefusedBy;
using relocation::jv1::Place;
using Request = relocation::jv1::Relocation;
using State = jv1::RequestedRelocation;
using Letter = exchange::Letter<State>;

exchange::Refusal NotClear(const std::string& municipality) {
  return RefusedBy("relocation.place_not_clear",
                   absl::StrCat("The police have not said that the person would be safe in ",
                                municipality, ": AskPlaces."));
}

Decision HearPlaces(const State& state, const lv1::HearPlacesRequest& request,
                    const DecisionContext& context) {
  const Request& one = state.relocation();
  if (auto refused = NoPlaceNow(one.seen())) return Decision::Refuse(*std::move(refused));
  if (request.municipalities().empty()) return Decision::Refuse(NoneNamed());
  for (const std::string& municipality : request.municipalities()) {
    if (!relocation::IsClear(one, municipality)) {
      return Decision::Refuse(NotClear(municipality));
    }
  }
  const std::vector<std::string> asked = relocation::NotPut(one, request.municipalities());
  if (asked.empty()) {
    return Decision::Refuse("relocation.hearing_asked", "They have been put to the citizen.");
  }
  const auto put = relocation::Put(one, asked, context.now);
  lv1::RelocationHearing message;
  *message.mutable_municipalities() = put.municipalities();
  return TellUnit(one, put, message);
}

lv1::Ranking RankingOf(const Request& one, const DecisionContext& context) {
  return relocation::Rank(
      one,
      [&](const std::string& municipality) {
        return ReceivedBy(municipality, one.seen().relocation_id(), *context.lookup);
      },
      context.now);
}

std::unique_ptr<google::protobuf::Message> RankingView(const State& state,
                                                       const lv1::RankPlacesRequest&,
                                                       const DecisionContext& context) {
  if (!state.has_relocation()) return nullptr;
  return std::make_unique<lv1::Ranking>(RankingOf(state.relocation(), context));
}

// It was asked, and has answered or let its time pass: so it knows the inquiry.
bool HasHadItsSay(const Place& place) {
  switch (place.seen().inquiry()) {
    case lv1::INQUIRY_STAGE_CAPACITY:
    case lv1::INQUIRY_STAGE_STALE:
    case lv1::INQUIRY_STAGE_DECLINED:
      return true;
    case lv1::INQUIRY_STAGE_ASKED:
      return exchange::IsOverdue(place.next());
    default:
      return false;
  }
}

// Why it cannot be decided for this place; nullopt: it can.
std::optional<exchange::Refusal> NotDecided(const Request& one, const Place* place,
                                            lv1::DecisionMode mode,
                                            const lv1::DecideRelocationRequest& request) {
  if (place == nullptr || !relocation::IsClear(*place)) return NotClear(request.municipality());
  if (!relocation::SaysYes(*place)) {
    return RefusedBy("relocation.no_consent",
                     "The citizen has not said yes to it. Have it put to him: HearPlaces.");
  }
  if (mode == lv1::DECISION_MODE_VOLUNTARY_AGREEMENT &&
      place->seen().inquiry() != lv1::INQUIRY_STAGE_CAPACITY) {
    return RefusedBy("relocation.no_room",
                     "It has not said within 14 days that it has room: InquireRelocation.");
  }
  if (!HasHadItsSay(*place)) {
    return RefusedBy("relocation.not_inquired",
                     "It was not asked whether it has room, or has time to answer: "
                     "InquireRelocation.");
  }
  if (!relocation::SaysSomething(request.reasons())) {
    return BadInput("relocation.placement_reason_required",
                    "Say by at least one code why it is decided so.");
  }
  if (one.seen().placements_size() >= relocation::kDecisionsMax) {
    return RefusedBy("relocation.too_many_decisions",
                     "This request has had as many decisions as one may have.",
                     absl::StatusCode::kResourceExhausted);
  }
  return std::nullopt;
}

Decision Decide(const State& state, const lv1::DecideRelocationRequest& request,
                const DecisionContext& context) {
  const Request& one = state.relocation();
  if (auto refused = NoPlaceNow(one.seen())) return Decision::Refuse(*std::move(refused));
  const Place* const place = relocation::FindPlace(one, request.municipality());
  const lv1::DecisionMode mode = context.central_decisions.At(context.now)
                                     ? lv1::DECISION_MODE_CENTRAL_DECISION
                                     : lv1::DECISION_MODE_VOLUNTARY_AGREEMENT;
  if (auto refused = NotDecided(one, place, mode, request)) {
    return Decision::Refuse(*std::move(refused));
  }
  lv1::Placement placement;
  placement.set_municipality(request.municipality());
  placement.set_mode(mode);
  *placement.mutable_reasons() = request.reasons();
  placement.set_inquiry_id(place->seen().inquiry_id());
  placement.set_number(one.seen().placements_size() + 1);
  *placement.mutable_ranking() = RankingOf(one, context);
  const auto placed =
      relocation::DecideFor(one, std::move(placement), relocation::Owed::kFinalAnswer, context.now);
  return TellUnit(one, placed, relocation::MessageOf(placed));
}

Decision Revoke(const State& state, const lv1::RevokeRelocationDecisionRequest&,
                const DecisionContext& context) {
  if (relocation::Standing(state.relocation().seen()) == nullptr) {
    return Decision::Refuse("relocation.not_decided", "No decision stands.");
  }
  Decision decision;
  RevokePlacement(state, lv1::PLACEMENT_END_REVOKED, context, decision);
  return decision;
}

// A no to what it is decided for ends that.
Decision OnHeard(const Letter& letter, const lv1::RelocationHeard& message) {
  Decision decision = relocation::DecisionBy<jv1::RelocationEvent>(
      relocation::ToldHeard(&letter.state.relocation(), message));
  if (!decision.events().empty() && message.hearing().citizen() != lv1::CITIZEN_ANSWER_YES &&
      IsDecidedFor(letter.state, message.municipality())) {
    RevokePlacement(letter.state, lv1::PLACEMENT_END_CITIZEN_DECLINES, letter.context, decision);
  }
  return decision;
}

Decision OnPlacementAnswered(const Letter& letter,
                             const lv1::RelocationPlacementAnswered& message) {
  Decision decision = relocation::DecisionBy<jv1::RelocationEvent>(
      relocation::ToldAnswer(&letter.state.relocation(), message, letter.context));
  const bool ends = message.end() != lv1::PLACEMENT_END_UNSPECIFIED;
  if (!ends || decision.events().empty()) return decision;
  decision = Decision();  // the desk owes another one by it
  // Who has said its final no is asked anew, if it is asked again.
  const auto* const place =
      relocation::FindPlace(letter.state.relocation(),
                            relocation::Standing(letter.state.relocation().seen())->municipality());
  if (place != nullptr && message.end() == lv1::PLACEMENT_END_HANDOVER_REJECTED) {
    EndInquiry(letter.state.relocation(), *place, letter.context, decision);
  }
  EndPlacement(letter.state, message.end(), letter.context, decision);
  return decision;
}

// Also after the decision ended here: the unit has the receiver's signed word for it.
Decision OnCompleted(const Letter& letter, const lv1::RelocationCompleted& message) {
  const lv1::Relocation& seen = letter.state.relocation().seen();
  if (relocation::ByNumber(seen, message.number()) == nullptr) {
    return Decision::Refuse("letter.out_of_turn", "Nothing was decided that this could be of.");
  }
  if (relocation::HasEnded(seen.stage())) return Decision::NoEffect("completion_known_or_over");
  auto completed =
      relocation::Complete(letter.state.relocation(), message.number(), letter.context.now);
  completed.set_origin(relocation::CodeOf(seen.holder(), *letter.context.directory));
  Decision decision;
  decision.AddEvent(EventWith<jv1::RelocationEvent>(completed));
  EndInquiries(letter.state, decision);
  return decision;
}

}  // namespace

bool IsDecidedFor(const State& state, std::string_view municipality) {
  const lv1::Placement* const stands = relocation::Standing(state.relocation().seen());
  return stands != nullptr && stands->municipality() == municipality;
}

void EndPlacement(const State& state, lv1::PlacementEnd end, const DecisionContext& context,
                  Decision& decision) {
  const Request& one = state.relocation();
  auto ended = relocation::EndPlacement(one, end, context.now);
  *ended.mutable_next() =
      exchange::OwedBy(one.assessor(), one.seen().relocation_id(), PlaceDue(context.now));
  decision.AddEvent(EventWith<jv1::RelocationEvent>(ended));
}

void RevokePlacement(const State& state, lv1::PlacementEnd end, const DecisionContext& context,
                     Decision& decision) {
  lv1::RelocationRevoked message;
  message.set_number(relocation::Standing(state.relocation().seen())->number());
  message.set_end(end);
  EndPlacement(state, end, context, decision);
  decision.Notify(pv1::RELATION_CONTACT_POINT, UnitOf(state.relocation()), message);
}

RelocationPart RelocationDecisions() {
  RelocationPart part;
  part.Serve<lv1::HearPlacesRequest>({.target = &RelocationById<lv1::HearPlacesRequest>,
                                      .decide = &HearPlaces,
                                      .view = &RelocationView})
      .Serve<lv1::RankPlacesRequest>(
          {.target = &RelocationById<lv1::RankPlacesRequest>, .view = &RankingView})
      .Serve<lv1::DecideRelocationRequest>({.target = &RelocationById<lv1::DecideRelocationRequest>,
                                            .decide = &Decide,
                                            .view = &RelocationView,
                                            .needs = exchange::Needs::kConfirmedHead})
      .Serve<lv1::RevokeRelocationDecisionRequest>(
          {.target = &RelocationById<lv1::RevokeRelocationDecisionRequest>,
           .decide = &Revoke,
           .view = &RelocationView,
           .needs = exchange::Needs::kConfirmedHead})
      .On(FromUnit(&OnHeard))
      .On(FromUnit(&OnPlacementAnswered))
      .On(FromUnit(&OnCompleted))
      .After(&ChangeRelocation<relocation::jv1::HearingAsked>)
      .After(&ChangeRelocation<relocation::jv1::Heard>)
      .After(&ChangeAndCount<relocation::jv1::Placed>)
      .After(&ChangeRelocation<relocation::jv1::PlacementAccepted>)
      .After(&ChangeAndCount<relocation::jv1::PlacementEnded>)
      .After(&ChangeAndCount<relocation::jv1::Completed>);
  return part;
}

}  // namespace exitbus::contact_point
