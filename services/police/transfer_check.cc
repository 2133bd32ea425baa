// Whether another prison is safe for the person (N-12): Kriminalforsorgen asks, an officer answers,
// who may first ask the unit in whose district it lies, police to police and without a name.
#include "services/police/transfer_check.h"

#include "exitbus/police/v1/transfer_check.pb.h"
#include "exitbus/police/v1/transfer_check_service.pb.h"
#include "exitbus/policy/v1/policy.pb.h"
#include "exitbus/relocation/v1/messages.pb.h"
#include "services/exchange/obligation.h"
#include "services/exchange/proto_time.h"
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

// To other units about one place.
constexpr std::uint32_t kInquiriesMax = 5;

Decision Note(const jv1::TransferCheck& check) {
  jv1::SecurityEvent event;
  *event.mutable_transfer_check_noted()->mutable_transfer_check() = check;
  return Decision().AddEvent(event);
}

Decision OnRequested(const SecurityLetter& letter, const v1::TransferCheckRequested& message) {
  if (auto instead = NotOfCaseInCharge(letter)) return *std::move(instead);
  if (letter.place.sender_kind != pv1::AUTHORITY_KIND_KRIMINALFORSORGEN) {
    return Decision::Refuse("transfer_check.not_for_this_authority",
                            "Only Kriminalforsorgen moves somebody to another prison.");
  }
  if (relocation::FindMunicipality(message.municipality()) == nullptr) {
    return Decision::Refuse("transfer_check.of_no_place", "Name the municipality by its code.");
  }
  if (IsOver(letter.state.stage())) return Decision::NoEffect("transfer_check_crossed_end");
  // About the same place what another unit has said stands.
  const bool is_same =
      letter.state.transfer_check().seen().municipality() == message.municipality();
  jv1::TransferCheck check = is_same ? letter.state.transfer_check() : jv1::TransferCheck();
  v1::TransferCheck& seen = *check.mutable_seen();
  seen.set_municipality(message.municipality());
  seen.clear_answered();
  *seen.mutable_asked() = ToProto(letter.context.now);
  if (message.has_due()) *seen.mutable_due() = message.due();
  seen.set_safety(lv1::PLACE_SAFETY_ASKED);
  return Note(check);
}

// Why its officers may not act on it; nullopt: they may.
std::optional<Decision> NotNow(const jv1::SecurityFile& file) {
  if (file.standing() != v1::POLICE_STANDING_IN_CHARGE) return NotInCharge();
  if (IsOver(file.stage())) return ProgrammeOver();
  if (file.has_transfer_check()) return std::nullopt;
  return Decision::Refuse("transfer_check.not_asked", "The authority in charge has not asked.");
}

// What the other unit says stands until it says otherwise.
std::optional<Decision> TheirsToSay(const jv1::TransferCheck& check) {
  if (check.seen().unit_says() != lv1::PLACE_SAFETY_NOT_POSSIBLE) return std::nullopt;
  return Decision::Refuse("transfer_check.other_unit_says_not",
                          "The unit of that district finds it not possible. Speak with it: it can "
                          "answer anew.");
}

// Why it is not cleared; nullopt: it may be. That it is not possible, or not known, may be said at
// once.
std::optional<Decision> NotToBeCleared(const jv1::TransferCheck& check) {
  if (auto refused = TheirsToSay(check)) return refused;
  if (check.seen().unit_says() != lv1::PLACE_SAFETY_ASKED ||
      exchange::IsOverdue(check.unit_answer())) {
    return std::nullopt;
  }
  return Decision::Refuse("transfer_check.other_unit_is_asked",
                          "The unit of that district has its time to answer. That it is clear may "
                          "be said when it is late.");
}

Decision AskOther(const jv1::SecurityFile& file, const v1::AskTransferConflictRequest& request,
                  const DecisionContext& context) {
  if (auto refused = NotNow(file)) return *std::move(refused);
  jv1::TransferCheck check = file.transfer_check();
  v1::TransferCheck& seen = *check.mutable_seen();
  if (auto refused = TheirsToSay(check)) return *std::move(refused);
  if (check.inquiries() >= kInquiriesMax) {
    return Decision::Refuse("transfer_check.asked_enough",
                            "Other units were asked five times about this place. Speak with them, "
                            "and answer by that.");
  }
  if (!relocation::SaysSomething(request.groups())) {
    return Decision::Refuse(
        BadInput("conflict.group_required", "Say from which groups there may be a conflict."));
  }
  const std::string unit = OtherUnitOf(seen.municipality(), context);
  if (unit.empty()) {
    return Decision::Refuse("transfer_check.no_other_unit",
                            "The prison lies in this district, or the directory lists no unit for "
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

Decision AnswerCheck(const jv1::SecurityFile& file, const v1::AnswerTransferCheckRequest& request,
                     const DecisionContext& context) {
  if (auto refused = NotNow(file)) return *std::move(refused);
  jv1::TransferCheck check = file.transfer_check();
  if (!relocation::IsAnAnswer(request.safety())) {
    return Decision::Refuse(
        BadInput("transfer_check.answer_required", "Answer CLEAR, NOT_POSSIBLE or UNKNOWN."));
  }
  if (NamingIn(file) != v1::NAMING_NAMED && request.safety() != lv1::PLACE_SAFETY_UNKNOWN) {
    return Decision::Refuse(
        "security.nobody_named",
        "This unit is not told whom the file is about. Answer that it is unknown.");
  }
  if (request.safety() == lv1::PLACE_SAFETY_CLEAR) {
    if (auto refused = NotToBeCleared(check)) return *std::move(refused);
  }
  v1::TransferCheck& seen = *check.mutable_seen();
  seen.clear_due();
  seen.set_safety(request.safety());
  *seen.mutable_answered() = ToProto(context.now);
  v1::TransferChecked message;
  message.set_municipality(seen.municipality());
  message.set_safety(request.safety());
  return Note(check).Notify(pv1::RELATION_POLICE, HolderOf(file, context), message);
}

void Replace(jv1::SecurityFile& file, const jv1::TransferCheckNoted& noted) {
  *file.mutable_transfer_check() = noted.transfer_check();
}

std::vector<exchange::NamedObligation> UnitAnswerOwed(const jv1::SecurityFile& file) {
  return {{"transfer", &file.transfer_check().unit_answer()}};
}

}  // namespace

Decision OnTransferConflictAnswered(const SecurityLetter& letter,
                                    const lv1::ConflictAnswered& message) {
  jv1::TransferCheck check = letter.state.transfer_check();
  if (letter.place.sender != check.seen().unit()) {
    return Decision::Refuse("letter.not_a_party", "Another unit was asked by this inquiry.");
  }
  if (message.municipality() != check.seen().municipality() ||
      !relocation::IsAnAnswer(message.safety())) {
    return Decision::Refuse("letter.out_of_turn", "It is no answer to what was asked.");
  }
  if (letter.state.standing() != v1::POLICE_STANDING_IN_CHARGE || IsOver(letter.state.stage())) {
    return Decision::NoEffect("answer_known_or_over");
  }
  check.mutable_seen()->set_unit_says(message.safety());
  check.clear_unit_answer();
  return Note(check);
}

void FollowTransferCheck(const jv1::SecurityFile& before, const DecisionContext&,
                         Decision& decision) {
  const std::string& was = before.transfer_check().conflict_id();
  if (was.empty() || !decision.accepted() || decision.events().empty()) return;
  if (After(before, decision)->transfer_check().conflict_id() == was) return;
  decision.Notify(pv1::RELATION_POLICE, UnitAsked(before.transfer_check().seen().unit(), was),
                  lv1::RelocationWithdrawn());
}

SecurityPart TransferChecks() {
  SecurityPart part;
  part.Serve<v1::AskTransferConflictRequest>(
          {.target = &BySecurityId, .decide = &AskOther, .view = &View})
      .Serve<v1::AnswerTransferCheckRequest>(
          {.target = &BySecurityId, .decide = &AnswerCheck, .view = &View})
      .On(&OnRequested)
      .After(&Replace)
      .Obligations("transfer_check.unit_overdue", &UnitAnswerOwed);
  return part;
}

}  // namespace exitbus::police
