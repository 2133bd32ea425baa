// Where a candidate who is to move would be safe. The contact point asks about municipalities and
// hears whether it is possible, never why. What the unit has ruled out it answers at once; what
// lies in another district it asks that one's unit (conflicts_asked.cc).
#include "services/relocation/places.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "exitbus/exchange/v1/body.pb.h"
#include "exitbus/policy/v1/policy.pb.h"
#include "exitbus/relocation/v1/messages.pb.h"
#include "exitbus/relocation/v1/relocation_service.pb.h"
#include "services/exchange/ports/directory.h"
#include "services/exchange/proto_time.h"
#include "services/police/exclusion.h"
#include "services/police/parts.h"
#include "services/police/relocation.h"
#include "services/relocation/municipalities.h"
#include "services/relocation/party.h"

namespace exitbus::police {
namespace {

namespace lv1 = relocation::v1;
namespace pv1 = policy::v1;
using exchange::BadInput;
using exchange::Decision;
using exchange::DecisionContext;
using relocation::jv1::Place;
using relocation::jv1::PlaceAnswered;
using Request = relocation::jv1::Relocation;
using Views = relocation::Views<jv1::SecurityFile, &SecurityIdOf, &relocation::PoliceIn>;

void RuleOut(const Request& one, const Place& place, lv1::ExclusionReason reason,
             Decision& decision) {
  const lv1::RelocationPlace& seen = place.seen();
  if (seen.excluded() == reason) return;
  EndConflict(place, decision);
  PlaceAnswered answered =
      relocation::Answer(one, seen.municipality(), lv1::PLACE_SAFETY_NOT_POSSIBLE);
  answered.set_excluded(reason);
  AddAnswer(std::move(answered), decision);
  if (seen.safety() == lv1::PLACE_SAFETY_NOT_POSSIBLE) return;
  TellPlace(one, seen.municipality(), lv1::PLACE_SAFETY_NOT_POSSIBLE, decision);
}

// What the statement makes of a place that the contact point has asked about. What was found of
// other groups counts no more, but for what this unit's people rule out.
void Apply(const Request& one, const lv1::PlaceStatement& statement, const Place& place,
           const DecisionContext& context, Decision& decision) {
  const lv1::RelocationPlace& seen = place.seen();
  if (const auto reason =
          RuledOut(statement, seen.municipality(),
                   relocation::CodeOf(one.seen().holder(), *context.directory), context.now)) {
    return RuleOut(one, place, reason, decision);
  }
  const auto& before = one.seen().statement().groups();
  const auto& now = statement.groups();
  const bool other_groups = !std::equal(before.begin(), before.end(), now.begin(), now.end());
  const bool ruled_out_by_us =
      seen.safety() == lv1::PLACE_SAFETY_NOT_POSSIBLE && seen.conflict_id().empty();
  const bool was_ruled_out = seen.excluded() != lv1::EXCLUSION_REASON_UNSPECIFIED;
  const bool is_new = seen.safety() == lv1::PLACE_SAFETY_ASKED && !place.has_next();
  if (!was_ruled_out && !is_new && (!other_groups || ruled_out_by_us)) return;
  EndConflict(place, decision);
  if (seen.safety() == lv1::PLACE_SAFETY_CLEAR) {
    TellPlace(one, seen.municipality(), lv1::PLACE_SAFETY_UNKNOWN, decision);
  }
  AskOtherUnit(one, statement, place, context, decision);
}

// No order of what is told links two who are asked.
lv1::PlaceStatement InOrder(lv1::PlaceStatement statement) {
  auto& groups = *statement.mutable_groups();
  std::sort(groups.begin(), groups.end());
  groups.erase(std::unique(groups.begin(), groups.end()), groups.end());
  return statement;
}

std::optional<exchange::Refusal> NotNow(const Request& one) {
  if (relocation::HasEnded(one.seen().stage())) {
    return relocation::Ended();
  }
  if (one.assessor().empty()) {
    return exchange::RefusedBy("relocation.not_nominated", "Nominate first: NominateRelocation.");
  }
  return std::nullopt;
}

Decision StatePlaces(const jv1::SecurityFile& file, const lv1::StatePlacesRequest& request,
                     const DecisionContext& context) {
  const Request& one = *relocation::Find(file.relocations(), request.relocation_id());
  if (auto refused = NotNow(one)) return Decision::Refuse(*std::move(refused));
  if (auto fault = FaultIn(request.statement())) return Decision::Refuse(*std::move(fault));
  if (one.seen().has_statement() && request.etag().empty()) {
    return Decision::Refuse(
        BadInput("relocation.etag_required",
                 "Give the etag of the request as you saw it: this replaces all "
                 "that was stated before."));
  }
  if (context.directory->Find(one.seen().holder()) == nullptr) {
    return Decision::Refuse("relocation.holder_not_listed",
                            "The directory does not list who is in charge, so that nobody knows "
                            "where the person comes from. Have it listed.");
  }
  jv1::SecurityEvent event;
  auto& stated = *event.mutable_places_stated();
  stated.set_relocation_id(request.relocation_id());
  *stated.mutable_statement() = InOrder(request.statement());
  *stated.mutable_statement()->mutable_stated() = exchange::ToProto(context.now);
  Decision decision;
  decision.AddEvent(event);
  for (const Place& place : one.places()) {
    Apply(one, stated.statement(), place, context, decision);
  }
  return decision;
}

// Another unit's no stands until it answers anew, and it has its time to say it. `ends`: ours says
// no.
std::optional<exchange::Refusal> TheirsToSay(const Place& place, bool ends) {
  if (place.seen().conflict_id().empty()) return std::nullopt;
  if (place.seen().safety() == lv1::PLACE_SAFETY_NOT_POSSIBLE) {
    return exchange::RefusedBy("relocation.other_unit_says_not",
                               "The unit of that district finds it not possible. Speak with it: it "
                               "can answer anew.");
  }
  if (place.seen().safety() == lv1::PLACE_SAFETY_ASKED && !ends &&
      !exchange::IsOverdue(place.next())) {
    return exchange::RefusedBy("relocation.other_unit_is_asked",
                               "The unit of that district has its time to answer. NOT_POSSIBLE may "
                               "be said at once, anything else when it is late.");
  }
  return std::nullopt;
}

Decision AnswerPlace(const jv1::SecurityFile& file, const lv1::AnswerPlaceRequest& request,
                     const DecisionContext& context) {
  const Request& one = *relocation::Find(file.relocations(), request.relocation_id());
  if (auto refused = NotNow(one)) return Decision::Refuse(*std::move(refused));
  if (!one.seen().has_statement()) {
    return Decision::Refuse("relocation.statement_required",
                            "Say first where the person may not live: StatePlaces.");
  }
  const Place* const place = relocation::FindPlace(one, request.municipality());
  if (place == nullptr) {
    return Decision::Refuse("relocation.place_not_asked",
                            "The contact point has not asked about this municipality.");
  }
  if (place->seen().excluded() != lv1::EXCLUSION_REASON_UNSPECIFIED) {
    return Decision::Refuse("relocation.place_ruled_out",
                            "It is ruled out by the statement. Change that: StatePlaces.");
  }
  if (!relocation::IsAnAnswer(request.safety())) {
    return Decision::Refuse(
        BadInput("relocation.safety_required", "Give CLEAR, NOT_POSSIBLE or UNKNOWN."));
  }
  const bool ends = request.safety() == lv1::PLACE_SAFETY_NOT_POSSIBLE;
  if (auto refused = TheirsToSay(*place, ends)) return Decision::Refuse(*std::move(refused));
  Decision decision;
  PlaceAnswered answered = AnswerOf(one, request.municipality(), request.safety(), context);
  if (ends) {
    EndConflict(*place, decision);
  } else {
    // Who was asked may still know better.
    answered.set_unit(place->unit());
    answered.set_conflict_id(place->seen().conflict_id());
  }
  AddAnswer(std::move(answered), decision);
  if (place->seen().safety() != request.safety()) {
    TellPlace(one, request.municipality(), request.safety(), decision);
  }
  return decision;
}

// From the contact point, about a request that it has found necessary.
Decision OnPlacesAsked(const SecurityLetter& letter, const Request& one,
                       const lv1::RelocationPlacesAsked& message) {
  const auto& [file, from, body, context] = letter;
  if (relocation::HasEnded(one.seen().stage())) return Decision::NoEffect("places_crossed_end");
  const auto& municipalities = message.municipalities();
  if (!relocation::AreMunicipalities(municipalities)) {
    return Decision::Refuse("letter.out_of_turn", "There is no such municipality.");
  }
  if (one.seen().stage() != lv1::RELOCATION_STAGE_NECESSARY) {
    return Decision::Refuse("letter.out_of_turn", "It was not found necessary.");
  }
  const auto asked = relocation::NotConsidered(one, municipalities);
  if (asked.empty()) return Decision::NoEffect("places_known");
  jv1::SecurityEvent event;
  *event.mutable_places_asked() = relocation::AskAbout(from.subject, asked, context.self->id,
                                                       relocation::SafetyDue(context.now));
  Decision decision;
  decision.AddEvent(event);
  if (!one.seen().has_statement()) return decision;
  // The directory that lists it is on its way.
  if (context.directory->Find(one.seen().holder()) == nullptr) return Decision::Park();
  for (const std::string& municipality : asked) {
    Place place;
    place.mutable_seen()->set_municipality(municipality);
    place.mutable_seen()->set_safety(lv1::PLACE_SAFETY_ASKED);
    Apply(one, one.seen().statement(), place, context, decision);
  }
  return decision;
}

}  // namespace

SecurityPart RelocationPlaces() {
  SecurityPart part;
  part.Serve<lv1::StatePlacesRequest>({.target = &Views::Key<lv1::StatePlacesRequest>,
                                       .decide = &StatePlaces,
                                       .view = &Views::One<lv1::StatePlacesRequest>,
                                       .needs = exchange::Needs::kConfirmedHead})
      .Serve<lv1::AnswerPlaceRequest>({.target = &Views::Key<lv1::AnswerPlaceRequest>,
                                       .decide = &AnswerPlace,
                                       .view = &Views::One<lv1::AnswerPlaceRequest>,
                                       .needs = exchange::Needs::kConfirmedHead})
      .On(FromAssessor(&OnPlacesAsked))
      .After(&relocation::Change<jv1::SecurityFile, relocation::jv1::PlacesAsked>)
      .After(&relocation::Change<jv1::SecurityFile, relocation::jv1::PlacesStated>)
      .After(&relocation::Change<jv1::SecurityFile, relocation::jv1::PlaceAnswered>);
  return part;
}

}  // namespace exitbus::police
