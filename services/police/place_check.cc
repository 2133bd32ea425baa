// Whether the person is safe where something is to take place (N-01, N-02, N-12): who answers for
// the case asks, an officer answers, who may first ask the unit in whose district the place lies,
// police to police and without a name. That a place is not possible an officer may say unasked.
#include "services/police/place_check.h"

#include "absl/algorithm/container.h"
#include "exitbus/police/v1/place_check.pb.h"
#include "exitbus/police/v1/place_check_service.pb.h"
#include "exitbus/policy/v1/policy.pb.h"
#include "exitbus/relocation/v1/messages.pb.h"
#include "services/exchange/obligation.h"
#include "services/exchange/proto_time.h"
#include "services/exchange/repeated.h"
#include "services/exchange/working_days.h"
#include "services/police/consent_and_corrections.h"
#include "services/police/programme.h"
#include "services/police/relocation.h"
#include "services/police/security_decider.h"
#include "services/police/telling.h"
#include "services/relocation/municipalities.h"
#include "services/relocation/places.h"

namespace exitbus::police {
namespace {

namespace lv1 = relocation::v1;
namespace pv1 = policy::v1;
using exchange::BadInput;
using exchange::Decision;
using exchange::DecisionContext;
using exchange::ToProto;

constexpr int kPlacesMax = 30;
// To other units about one place.
constexpr std::uint32_t kInquiriesMax = 5;

// Null: nobody has asked about it, nor said anything of it.
const jv1::PlaceCheck* Find(const jv1::SecurityFile& file, const std::string& municipality,
                            const std::string& place) {
  return exchange::FindIn(file.place_checks(), [&](const jv1::PlaceCheck& check) {
    return check.seen().municipality() == municipality && check.seen().place() == place;
  });
}

Decision Note(const jv1::PlaceCheck& check) {
  jv1::SecurityEvent event;
  *event.mutable_place_check_noted()->mutable_place_check() = check;
  return Decision().AddEvent(event);
}

Decision OnRequested(const SecurityLetter& letter, const v1::PlaceCheckRequested& message) {
  if (auto instead = NotOfCaseInCharge(letter)) return *std::move(instead);
  if (message.use() == casework::v1::PLACE_USE_PRISON &&
      letter.place.sender_kind != pv1::AUTHORITY_KIND_KRIMINALFORSORGEN) {
    return Decision::Refuse("place_check.not_for_this_authority",
                            "Only Kriminalforsorgen moves somebody to another prison.");
  }
  if (relocation::FindMunicipality(message.municipality()) == nullptr) {
    return Decision::Refuse("place_check.of_no_place", "Name the municipality by its code.");
  }
  if (IsOver(letter.state.stage())) return Decision::NoEffect("place_check_crossed_end");
  // What another unit has said of the place stands.
  const auto* const known = Find(letter.state, message.municipality(), message.place());
  jv1::PlaceCheck check = known != nullptr ? *known : jv1::PlaceCheck();
  v1::PlaceCheck& seen = *check.mutable_seen();
  seen.set_municipality(message.municipality());
  seen.set_place(message.place());
  seen.set_use(message.use());
  seen.clear_answered();
  *seen.mutable_asked() = ToProto(letter.context.now);
  if (message.has_due()) *seen.mutable_due() = message.due();
  seen.set_safety(lv1::PLACE_SAFETY_ASKED);
  return Note(check);
}

// Why its officers may say nothing of any place; nullopt: they may.
std::optional<Decision> NotNow(const jv1::SecurityFile& file) {
  if (file.standing() != v1::POLICE_STANDING_IN_CHARGE) return NotInCharge();
  if (IsOver(file.stage())) return ProgrammeOver();
  return std::nullopt;
}

Decision NotAsked() {
  return Decision::Refuse("place_check.not_asked",
                          "The authority in charge has not asked about this place. That it is not "
                          "possible may be said all the same.");
}

// What the other unit says stands until it says otherwise.
std::optional<Decision> TheirsToSay(const jv1::PlaceCheck& check) {
  if (check.seen().unit_says() != lv1::PLACE_SAFETY_NOT_POSSIBLE) return std::nullopt;
  return Decision::Refuse("place_check.other_unit_says_not",
                          "The unit of that district finds it not possible. Speak with it: it can "
                          "answer anew.");
}

// Why it is not cleared; nullopt: it may be. That it is not possible, or not known, may be said at
// once.
std::optional<Decision> NotToBeCleared(const jv1::PlaceCheck& check) {
  if (auto refused = TheirsToSay(check)) return refused;
  if (check.seen().unit_says() != lv1::PLACE_SAFETY_ASKED ||
      exchange::IsOverdue(check.unit_answer())) {
    return std::nullopt;
  }
  return Decision::Refuse("place_check.other_unit_is_asked",
                          "The unit of that district has its time to answer. That it is clear may "
                          "be said when it is late.");
}

Decision AskOther(const jv1::SecurityFile& file, const v1::AskPlaceConflictRequest& request,
                  const DecisionContext& context) {
  if (auto refused = NotNow(file)) return *std::move(refused);
  const auto* const asked = Find(file, request.municipality(), request.place());
  if (asked == nullptr) return NotAsked();
  jv1::PlaceCheck check = *asked;
  v1::PlaceCheck& seen = *check.mutable_seen();
  if (auto refused = TheirsToSay(check)) return *std::move(refused);
  if (check.inquiries() >= kInquiriesMax) {
    return Decision::Refuse("place_check.asked_enough",
                            "Other units were asked five times about this place. Speak with them, "
                            "and answer by that.");
  }
  if (!relocation::SaysSomething(request.groups())) {
    return Decision::Refuse(
        BadInput("conflict.group_required", "Say from which groups there may be a conflict."));
  }
  const std::string unit = OtherUnitOf(seen.municipality(), context);
  if (unit.empty()) {
    return Decision::Refuse("place_check.no_other_unit",
                            "The place lies in this district, or the directory lists no unit for "
                            "its own. Answer by what this unit knows.");
  }
  seen.set_unit(unit);
  seen.set_unit_says(lv1::PLACE_SAFETY_ASKED);
  check.set_inquiries(check.inquiries() + 1);
  check.set_conflict_id(context.lookup->FreshId());
  // It hears of it in the morning.
  *check.mutable_unit_answer() = exchange::OwedBy(
      unit, check.conflict_id(), relocation::SafetyDue(exchange::NextMorning(context.now)));
  lv1::ConflictInquiry message;
  message.set_municipality(seen.municipality());
  *message.mutable_groups() = request.groups();
  return Note(check).Notify(pv1::RELATION_POLICE, UnitAsked(unit, check.conflict_id()), message);
}

Decision AnswerCheck(const jv1::SecurityFile& file, const v1::AnswerPlaceCheckRequest& request,
                     const DecisionContext& context) {
  if (auto refused = NotNow(file)) return *std::move(refused);
  if (!relocation::IsAnAnswer(request.safety())) {
    return Decision::Refuse(
        BadInput("place_check.answer_required", "Answer CLEAR, NOT_POSSIBLE or UNKNOWN."));
  }
  if (relocation::FindMunicipality(request.municipality()) == nullptr) {
    return Decision::Refuse(
        BadInput("place_check.of_no_place", "Give the code of the municipality in which it lies."));
  }
  const auto* const asked = Find(file, request.municipality(), request.place());
  if (asked == nullptr && request.safety() != lv1::PLACE_SAFETY_NOT_POSSIBLE) return NotAsked();
  if (NamingIn(file) != v1::NAMING_NAMED && request.safety() != lv1::PLACE_SAFETY_UNKNOWN) {
    return Decision::Refuse(
        "security.nobody_named",
        "This unit is not told whom the file is about. Answer that it is unknown.");
  }
  jv1::PlaceCheck check = asked != nullptr ? *asked : jv1::PlaceCheck();
  if (request.safety() == lv1::PLACE_SAFETY_CLEAR) {
    if (auto refused = NotToBeCleared(check)) return *std::move(refused);
  }
  v1::PlaceCheck& seen = *check.mutable_seen();
  seen.set_municipality(request.municipality());
  seen.set_place(request.place());
  seen.clear_due();
  seen.set_safety(request.safety());
  *seen.mutable_answered() = ToProto(context.now);
  v1::PlaceChecked message;
  message.set_municipality(seen.municipality());
  message.set_place(seen.place());
  message.set_safety(request.safety());
  return Note(check).Notify(pv1::RELATION_POLICE, HolderOf(file, context), message);
}

void Replace(jv1::SecurityFile& file, const jv1::PlaceCheckNoted& noted) {
  const v1::PlaceCheck& seen = noted.place_check().seen();
  const auto* const known = Find(file, seen.municipality(), seen.place());
  *(known != nullptr ? const_cast<jv1::PlaceCheck*>(known) : file.add_place_checks()) =
      noted.place_check();
  exchange::KeepNewest(*file.mutable_place_checks(), kPlacesMax);
}

std::vector<exchange::NamedObligation> UnitAnswersOwed(const jv1::SecurityFile& file) {
  std::vector<exchange::NamedObligation> owed;
  for (const jv1::PlaceCheck& check : file.place_checks()) {
    if (!check.conflict_id().empty()) owed.push_back({check.conflict_id(), &check.unit_answer()});
  }
  return owed;
}

}  // namespace

const jv1::PlaceCheck* FindConflictCheck(const jv1::SecurityFile& file,
                                         std::string_view conflict_id) {
  return exchange::FindIn(file.place_checks(), [&](const jv1::PlaceCheck& check) {
    return !check.conflict_id().empty() && check.conflict_id() == conflict_id;
  });
}

Decision OnPlaceConflictAnswered(const jv1::PlaceCheck& asked, const SecurityLetter& letter,
                                 const lv1::ConflictAnswered& message) {
  if (letter.place.sender != asked.seen().unit()) {
    return Decision::Refuse("letter.not_a_party", "Another unit was asked by this inquiry.");
  }
  if (message.municipality() != asked.seen().municipality() ||
      !relocation::IsAnAnswer(message.safety())) {
    return Decision::Refuse("letter.out_of_turn", "It is no answer to what was asked.");
  }
  if (letter.state.standing() != v1::POLICE_STANDING_IN_CHARGE || IsOver(letter.state.stage())) {
    return Decision::NoEffect("answer_known_or_over");
  }
  jv1::PlaceCheck check = asked;
  check.mutable_seen()->set_unit_says(message.safety());
  check.clear_unit_answer();
  return Note(check);
}

void FollowPlaceChecks(const jv1::SecurityFile& before, const DecisionContext&,
                       Decision& decision) {
  if (!decision.accepted() || decision.events().empty()) return;
  const auto asks = [](const jv1::PlaceCheck& check) { return !check.conflict_id().empty(); };
  if (absl::c_none_of(before.place_checks(), asks)) return;
  const auto after = After(before, decision);
  for (const jv1::PlaceCheck& check : before.place_checks()) {
    const std::string& was = check.conflict_id();
    if (was.empty() || FindConflictCheck(*after, was) != nullptr) continue;
    decision.Notify(pv1::RELATION_POLICE, UnitAsked(check.seen().unit(), was),
                    lv1::RelocationWithdrawn());
  }
}

SecurityPart PlaceChecks() {
  SecurityPart part;
  part.Serve<v1::AskPlaceConflictRequest>(
          {.target = &BySecurityId, .decide = &AskOther, .view = &View})
      .Serve<v1::AnswerPlaceCheckRequest>(
          {.target = &BySecurityId, .decide = &AnswerCheck, .view = &View})
      .On(&OnRequested)
      .After(&Replace)
      .Obligations("place_check.unit_overdue", &UnitAnswersOwed);
  return part;
}

}  // namespace exitbus::police
