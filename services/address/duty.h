// The address duty (særlig adressebeskyttelse, CPR Act § 6 (6)-(8)): what a police unit's notice
// and a population register's duty have alike. Sources of the times: N-03, N-04, TIM-11.
#pragma once

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>

#include "absl/time/time.h"
#include "exitbus/address/v1/address.pb.h"
#include "services/exchange/decision.h"

namespace exitbus::address {

// "notice/<notice id>": by that both sides find it.
std::string NoticeKey(std::string_view notice_id);

// Whether it is in force: asked for, or registered.
bool Stands(v1::AddressDutyStage stage);
// Whether a move to, or within, the municipality is still awaited; of a notice, and of a duty.
template <class Seen>
bool AwaitsMove(const Seen& seen) {
  return Stands(seen.stage()) && seen.has_moves_on();
}
// Somebody is still registered so, and is to be registered as anybody is.
bool IsEnded(v1::AddressDutyStage stage);

// Until when the register owes its next act.
absl::Time ToRegisterBy(absl::Time now);            // a working day
absl::Time MoveDue(absl::Time moves_on);            // five days after the day of the move
absl::Time OrdinaryDue(absl::Time now);             // likewise, after an end
absl::Time ProtectedUntil(absl::Time now);          // a year (CPR Act § 28)
absl::Time RenewalDue(absl::Time protected_until);  // a month before

// Of a planned move: a year ahead at most, and not long ago. Of one that the register records: as
// far ahead as it may be reported, and a year ago at most.
std::optional<exchange::Refusal> FaultInPlan(absl::Time day, absl::Time now);
std::optional<exchange::Refusal> FaultInMove(absl::Time day, absl::Time now);

// Whom a notice names, as the request and the letter have it, where `known` are named already:
// refused where it does not say who they are, says one twice, or leaves one out, who would stay
// registered.
template <class Notice, class Known>
std::optional<exchange::Refusal> FaultInPersons(const Notice& notice, const Known& known);
// Whether both name the same.
template <class Notice, class Other>
bool SamePersons(const Notice& notice, const Other& other);
// Whether this is one of them.
template <class Notice>
bool Names(const Notice& notice, std::string_view cpr_number);

exchange::Refusal HasEnded();

// What an act of the register makes of a duty, and its report of the notice.
template <class Seen>
void Apply(v1::AddressAct act, const google::protobuf::Timestamp& day, Seen& seen);

// Implementation.

exchange::Refusal PersonRequired();
exchange::Refusal PersonTwice();
exchange::Refusal PersonLeftOut();

template <class Notice, class Known>
std::optional<exchange::Refusal> FaultInPersons(const Notice& notice, const Known& known) {
  const casework::v1::Person& adult = notice.adult();
  if (adult.cpr_number().empty() || adult.name().empty()) return PersonRequired();
  for (const casework::v1::Person& child : notice.children()) {
    if (child.cpr_number().empty()) return PersonRequired();
    if (child.cpr_number() == adult.cpr_number()) return PersonTwice();
  }
  if (!known.has_adult()) return std::nullopt;
  if (adult.cpr_number() != known.adult().cpr_number()) return PersonLeftOut();
  for (const casework::v1::Person& child : known.children()) {
    if (!Names(notice, child.cpr_number())) return PersonLeftOut();
  }
  return std::nullopt;
}

template <class Notice>
bool Names(const Notice& notice, std::string_view cpr_number) {
  const auto is_it = [&](const casework::v1::Person& person) {
    return person.cpr_number() == cpr_number;
  };
  return is_it(notice.adult()) ||
         std::any_of(notice.children().begin(), notice.children().end(), is_it);
}

template <class Notice, class Other>
bool SamePersons(const Notice& notice, const Other& other) {
  const auto same = [](const casework::v1::Person& a, const casework::v1::Person& b) {
    return a.cpr_number() == b.cpr_number() && a.name() == b.name();
  };
  if (!same(notice.adult(), other.adult()) || notice.children_size() != other.children_size()) {
    return false;
  }
  for (int i = 0; i < notice.children_size(); ++i) {
    if (!same(notice.children(i), other.children(i))) return false;
  }
  return true;
}

template <class Seen>
void Apply(v1::AddressAct act, const google::protobuf::Timestamp& day, Seen& seen) {
  switch (act) {
    case v1::ADDRESS_ACT_REGISTERED:
      seen.set_stage(seen.has_moved() ? v1::ADDRESS_DUTY_STAGE_MOVED
                                      : v1::ADDRESS_DUTY_STAGE_REGISTERED);
      *seen.mutable_registered() = day;
      break;
    case v1::ADDRESS_ACT_MOVED:
      // Who is asked for anew still is to be registered.
      if (seen.stage() != v1::ADDRESS_DUTY_STAGE_REQUESTED) {
        seen.set_stage(v1::ADDRESS_DUTY_STAGE_MOVED);
      }
      *seen.mutable_moved() = day;
      seen.clear_moves_on();
      break;
    case v1::ADDRESS_ACT_MOVED_AWAY:
      seen.set_stage(v1::ADDRESS_DUTY_STAGE_MOVED_AWAY);
      *seen.mutable_ended() = day;
      break;
    case v1::ADDRESS_ACT_ENDED_BY_PERSON:
      seen.set_stage(v1::ADDRESS_DUTY_STAGE_ENDED_BY_PERSON);
      *seen.mutable_ended() = day;
      break;
    case v1::ADDRESS_ACT_REGISTERED_ORDINARILY:
    case v1::ADDRESS_ACT_CLOSED:
      seen.set_stage(v1::ADDRESS_DUTY_STAGE_CLOSED);
      break;
    default:
      break;
  }
}

}  // namespace exitbus::address
