// The places that the desk considers for a request: whether the person would be safe there, which
// the police say.
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "exitbus/exchange/v1/body.pb.h"
#include "exitbus/policy/v1/policy.pb.h"
#include "exitbus/relocation/v1/messages.pb.h"
#include "exitbus/relocation/v1/relocation_service.pb.h"
#include "services/contact_point/relocation.h"
#include "services/relocation/municipalities.h"

namespace exitbus::contact_point {
namespace {

namespace lv1 = relocation::v1;
namespace pv1 = policy::v1;
using exchange::BadInput;
using exchange::Decision;
using exchange::DecisionContext;
using exchange::RefusedBy;
using relocation::jv1::Place;
using Request = relocation::jv1::Relocation;
using State = jv1::RequestedRelocation;
using Letter = exchange::Letter<State>;

Decision AskPlaces(const State& state, const lv1::AskPlacesRequest& request,
                   const DecisionContext& context) {
  const Request& one = state.relocation();
  if (auto refused = NoPlaceNow(one.seen())) return Decision::Refuse(*std::move(refused));
  if (request.municipalities().empty()) return Decision::Refuse(NoneNamed());
  for (const std::string& municipality : request.municipalities()) {
    if (relocation::FindMunicipality(municipality) == nullptr) {
      return Decision::Refuse(BadInput("relocation.unknown_municipality",
                                       absl::StrCat("No municipality has the code ", municipality,
                                                    ". Give official codes, as 0461.")));
    }
  }
  const auto asked = relocation::NotConsidered(one, request.municipalities());
  if (asked.empty()) {
    return Decision::Refuse("relocation.places_asked", "The police have been asked about them.");
  }
  const std::string& id = one.seen().relocation_id();
  const auto about =
      relocation::AskAbout(id, asked, one.seen().police(), relocation::PoliceDue(context.now));
  lv1::RelocationPlacesAsked message;
  *message.mutable_municipalities() = about.municipalities();
  return TellUnit(one, about, message);
}

// From the police unit of the case: what it makes of a place.
Decision OnPlaceAnswered(const Letter& letter, const lv1::ConflictAnswered& message) {
  const Request& one = letter.state.relocation();
  const DecisionContext& context = letter.context;
  const Place* const place = relocation::FindPlace(one, message.municipality());
  if (place == nullptr || !relocation::IsAnAnswer(message.safety())) {
    return Decision::Refuse("letter.out_of_turn", "It is no answer to what was asked.");
  }
  if (relocation::HasEnded(one.seen().stage()) || place->seen().safety() == message.safety()) {
    return Decision::NoEffect("place_known_or_over");
  }
  Decision decision;
  if (message.safety() != lv1::PLACE_SAFETY_CLEAR) {
    EndInquiry(one, *place, context, decision);
    if (IsDecidedFor(letter.state, message.municipality())) {
      RevokePlacement(letter.state, lv1::PLACEMENT_END_NOT_POSSIBLE, context, decision);
    }
  }
  jv1::RelocationEvent event;
  auto& answered = *event.mutable_place_answered();
  answered = relocation::Answer(one, message.municipality(), message.safety());
  // What is not known is still owed.
  if (message.safety() == lv1::PLACE_SAFETY_UNKNOWN) {
    *answered.mutable_next() = exchange::OwedBy(one.seen().police(), one.seen().relocation_id(),
                                                relocation::PoliceDue(letter.context.now));
  }
  return decision.AddEvent(event);
}

}  // namespace

exchange::Refusal NoneNamed() {
  return BadInput("relocation.municipality_required",
                  "Say which municipalities, by their codes of four digits.");
}

std::optional<exchange::Refusal> NoPlaceNow(const lv1::Relocation& seen) {
  switch (seen.stage()) {
    case lv1::RELOCATION_STAGE_NECESSARY:
      return std::nullopt;
    case lv1::RELOCATION_STAGE_WITHDRAWN:
      return RefusedBy("relocation.withdrawn", "The request was withdrawn.");
    case lv1::RELOCATION_STAGE_DECIDED:
    case lv1::RELOCATION_STAGE_ACCEPTED:
      return RefusedBy("relocation.decided",
                       "It is decided for a place. Revoke that first: RevokeRelocationDecision.");
    case lv1::RELOCATION_STAGE_COMPLETED:
      return RefusedBy("relocation.completed", "The person has moved.");
    default:
      return RefusedBy("relocation.not_found_necessary",
                       "A place is considered once relocation is found necessary.");
  }
}

RelocationPart RelocationPlaces() {
  RelocationPart part;
  part.Serve<lv1::AskPlacesRequest>({.target = &RelocationById<lv1::AskPlacesRequest>,
                                     .decide = &AskPlaces,
                                     .view = &RelocationView})
      .On(FromUnit(&OnPlaceAnswered))
      .After(&ChangeRelocation<relocation::jv1::PlacesAsked>)
      .After(&ChangeRelocation<relocation::jv1::PlaceAnswered>);
  return part;
}

}  // namespace exitbus::contact_point
