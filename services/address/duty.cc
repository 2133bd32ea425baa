#include "services/address/duty.h"

#include "services/exchange/keys.h"
#include "services/exchange/working_days.h"

namespace exitbus::address {
namespace {

using exchange::BadInput;

constexpr absl::Duration kFiveDays = absl::Hours(24 * 5);
constexpr absl::Duration kFourWeeks = absl::Hours(24 * 28);
constexpr absl::Duration kMonth = absl::Hours(24 * 30);
constexpr absl::Duration kYear = absl::Hours(24 * 365);

}  // namespace

std::string NoticeKey(std::string_view notice_id) {
  return exchange::KindName{"notice", std::string(notice_id)}.Encode();
}

bool Stands(v1::AddressDutyStage stage) {
  return stage == v1::ADDRESS_DUTY_STAGE_REQUESTED || stage == v1::ADDRESS_DUTY_STAGE_REGISTERED ||
         stage == v1::ADDRESS_DUTY_STAGE_MOVED;
}

bool IsEnded(v1::AddressDutyStage stage) {
  return stage == v1::ADDRESS_DUTY_STAGE_ENDED_BY_POLICE ||
         stage == v1::ADDRESS_DUTY_STAGE_ENDED_BY_PERSON;
}

absl::Time ToRegisterBy(absl::Time now) { return exchange::AddWorkingDays(now, 1); }
absl::Time MoveDue(absl::Time moves_on) { return exchange::EndOfDay(moves_on) + kFiveDays; }
absl::Time OrdinaryDue(absl::Time now) { return exchange::EndOfDay(now) + kFiveDays; }
absl::Time ProtectedUntil(absl::Time now) { return now + kYear; }
absl::Time RenewalDue(absl::Time protected_until) { return protected_until - kMonth; }

std::optional<exchange::Refusal> FaultInPlan(absl::Time day, absl::Time now) {
  if (day <= now + kYear && day >= now - kMonth) return std::nullopt;
  return BadInput("address.day_out_of_range",
                  "Give the day of the move: at most a year ahead, and not more than a month ago. "
                  "Leave it out of who lives there.");
}

std::optional<exchange::Refusal> FaultInMove(absl::Time day, absl::Time now) {
  if (day <= now + kFourWeeks && day >= now - kYear) return std::nullopt;
  return BadInput(
      "address.day_of_act",
      "Give the day of the move: at most four weeks ahead, and not more than a year ago.");
}

exchange::Refusal PersonRequired() {
  return BadInput("address.person_required",
                  "Name the adult by CPR number and name, and each child by its CPR number.");
}

exchange::Refusal PersonTwice() {
  return BadInput("address.person_twice", "Name each person once.");
}

exchange::Refusal PersonLeftOut() {
  return exchange::RefusedBy(
      "address.person_left_out",
      "A notice names whom it named before, who are registered. End it and give a new one for "
      "another adult, or for fewer children.");
}

exchange::Refusal HasEnded() {
  return exchange::RefusedBy("address.ended",
                             "This notice has ended. Give a new one, if it is needed again.");
}

}  // namespace exitbus::address
