// What other districts' units are asked about places, police to police: whether there would be a
// conflict, under an id made for it and without a name; and what their answers make of a place.
#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "exitbus/exchange/v1/body.pb.h"
#include "exitbus/policy/v1/basis.pb.h"
#include "exitbus/policy/v1/policy.pb.h"
#include "exitbus/relocation/v1/messages.pb.h"
#include "services/exchange/keys.h"
#include "services/exchange/membership.h"
#include "services/exchange/ports/directory.h"
#include "services/exchange/repeated.h"
#include "services/exchange/working_days.h"
#include "services/police/parts.h"
#include "services/police/place_check.h"
#include "services/police/relocation.h"
#include "services/relocation/municipalities.h"
#include "services/relocation/places.h"
#include "services/relocation/request.h"

namespace exitbus::police {
namespace {

namespace lv1 = relocation::v1;
namespace pv1 = policy::v1;
using exchange::Decision;
using exchange::DecisionContext;
using relocation::jv1::Place;
using relocation::jv1::PlaceAnswered;
using Request = relocation::jv1::Relocation;

// To other units about one place of one request.
constexpr std::uint32_t kInquiriesMax = 5;

exchange::ov1::Obligation OwedByUs(const Request& one, const DecisionContext& context) {
  return exchange::OwedBy(context.self->id, one.seen().relocation_id(),
                          relocation::SafetyDue(context.now));
}

// From another district's unit. One that is not found here has crossed the end.
Decision OnConflictAnswered(const SecurityLetter& letter, const lv1::ConflictAnswered& message) {
  const auto& [file, from, body, context] = letter;
  if (const auto* const check = FindConflictCheck(file, from.subject)) {
    return OnPlaceConflictAnswered(*check, letter, message);
  }
  for (const Request& one : file.relocations()) {
    const Place* const place = exchange::FindIn(one.places(), [&](const Place& asked) {
      return asked.seen().conflict_id() == letter.place.subject;
    });
    if (place == nullptr) continue;
    if (place->unit() != from.sender) {
      return Decision::Refuse("letter.not_a_party", "Another unit was asked by this inquiry.");
    }
    if (message.municipality() != place->seen().municipality() ||
        !relocation::IsAnAnswer(message.safety())) {
      return Decision::Refuse("letter.out_of_turn", "It is no answer to what was asked.");
    }
    if (relocation::HasEnded(one.seen().stage()) || message.safety() == place->seen().safety()) {
      return Decision::NoEffect("answer_known_or_over");
    }
    PlaceAnswered answered = AnswerOf(one, message.municipality(), message.safety(), context);
    answered.set_unit(place->unit());
    answered.set_conflict_id(from.subject);
    Decision decision;
    AddAnswer(std::move(answered), decision);
    TellPlace(one, message.municipality(), message.safety(), decision);
    return decision;
  }
  return Decision::NoEffect("answer_of_unknown");
}

std::vector<std::string> ConflictNames(const jv1::SecurityFile& file, const exchange::Lookup&) {
  return ConflictKeysOf(file);
}

}  // namespace

exchange::Party UnitAsked(const std::string& unit, const std::string& conflict_id) {
  return {unit, pv1::RELATION_RECEIVING_POLICE, conflict_id,
          {},   pv1::LEGAL_BASIS_UNSPECIFIED,   pv1::PURPOSE_SECURITY};
}

std::string OtherUnitOf(const std::string& municipality, const DecisionContext& context) {
  const auto* const known = relocation::FindMunicipality(municipality);
  if (known == nullptr) return "";
  std::string unit = exchange::TheOne(*context.directory, pv1::AUTHORITY_KIND_POLICE,
                                      std::string(known->district));
  return unit == context.self->id ? "" : unit;
}

void TellPlace(const Request& one, const std::string& municipality, lv1::PlaceSafety safety,
               Decision& decision) {
  lv1::ConflictAnswered message;
  message.set_municipality(municipality);
  message.set_safety(safety);
  decision.Notify(pv1::RELATION_POLICE, AssessorOf(one), message);
}

void AddAnswer(PlaceAnswered answered, Decision& decision) {
  jv1::SecurityEvent event;
  *event.mutable_place_answered() = std::move(answered);
  decision.AddEvent(event);
}

PlaceAnswered AnswerOf(const Request& one, const std::string& municipality, lv1::PlaceSafety safety,
                       const DecisionContext& context) {
  PlaceAnswered answered = relocation::Answer(one, municipality, safety);
  if (safety == lv1::PLACE_SAFETY_UNKNOWN) *answered.mutable_next() = OwedByUs(one, context);
  return answered;
}

void AskOtherUnit(const Request& one, const lv1::PlaceStatement& statement, const Place& place,
                  const DecisionContext& context, Decision& decision) {
  const std::string& municipality = place.seen().municipality();
  PlaceAnswered asked = relocation::Answer(one, municipality, lv1::PLACE_SAFETY_ASKED);
  const std::string unit = OtherUnitOf(municipality, context);
  if (unit.empty() || place.inquiries() >= kInquiriesMax) {
    *asked.mutable_next() = OwedByUs(one, context);
    return AddAnswer(std::move(asked), decision);
  }
  asked.set_unit(unit);
  asked.set_conflict_id(context.lookup->FreshId());
  // It hears of it in the morning.
  *asked.mutable_next() = exchange::OwedBy(
      unit, asked.conflict_id(), relocation::SafetyDue(exchange::NextMorning(context.now)));
  lv1::ConflictInquiry message;
  message.set_municipality(municipality);
  *message.mutable_groups() = statement.groups();
  decision.Notify(pv1::RELATION_POLICE, UnitAsked(unit, asked.conflict_id()), message);
  AddAnswer(std::move(asked), decision);
}

void EndConflict(const Place& place, Decision& decision) {
  if (place.seen().conflict_id().empty()) return;
  decision.Notify(pv1::RELATION_POLICE, UnitAsked(place.unit(), place.seen().conflict_id()),
                  lv1::RelocationWithdrawn());
}

std::string ConflictKey(std::string_view conflict_id) {
  return exchange::KindName{"conflict", std::string(conflict_id)}.Encode();
}

std::vector<std::string> ConflictKeysOf(const jv1::SecurityFile& file) {
  std::vector<std::string> keys;
  for (const jv1::PlaceCheck& check : file.place_checks()) {
    if (!check.conflict_id().empty()) keys.push_back(ConflictKey(check.conflict_id()));
  }
  for (const Request& one : file.relocations()) {
    for (const Place& place : one.places()) {
      const std::string& conflict = place.seen().conflict_id();
      if (!conflict.empty()) keys.push_back(ConflictKey(conflict));
    }
  }
  return keys;
}

bool AsksConflict(const jv1::SecurityFile& file, std::string_view conflict_id) {
  if (FindConflictCheck(file, conflict_id) != nullptr) return true;
  return std::any_of(file.relocations().begin(), file.relocations().end(), [&](const Request& one) {
    return !relocation::HasEnded(one.seen().stage()) &&
           exchange::FindIn(one.places(), [&](const Place& place) {
             return place.seen().conflict_id() == conflict_id;
           }) != nullptr;
  });
}

void EndConflicts(const Request& one, Decision& decision) {
  if (relocation::HasEnded(one.seen().stage())) return;
  for (const Place& place : one.places()) EndConflict(place, decision);
}

SecurityPart ConflictsAsked() {
  SecurityPart part;
  part.On(&OnConflictAnswered).Named(&ConflictNames);
  return part;
}

}  // namespace exitbus::police
