#include "services/municipality/address_duty.h"

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "exitbus/address/v1/messages.pb.h"
#include "exitbus/exchange/v1/body.pb.h"
#include "exitbus/policy/v1/policy.pb.h"
#include "services/address/duty.h"
#include "services/exchange/compose.h"
#include "services/exchange/membership.h"
#include "services/exchange/ports/directory.h"
#include "services/exchange/proto_time.h"
#include "services/municipality/address_duty_part.h"

namespace exitbus::municipality {
namespace {

namespace av1 = address::v1;
namespace pv1 = policy::v1;
using exchange::Decision;
using exchange::DecisionContext;
using exchange::Message;

// A duty as it is before: of the same unit.
std::optional<Decision> NotOfItsUnit(const DutyLetter& letter) {
  const av1::AddressDuty& seen = letter.state.seen();
  if (!letter.state.has_seen() || seen.police() == letter.place.sender) return std::nullopt;
  return Decision::Refuse("letter.not_a_party", "Another unit has given this notice.");
}

Decision OnNotice(const DutyLetter& letter, const av1::AddressNoticeGiven& message) {
  const auto& [duty, place, body, context] = letter;
  if (auto other = NotOfItsUnit(letter)) return *std::move(other);
  if (!exchange::IsPoliceOf(*context.directory, place.sender, context.self->id)) {
    return Decision::Refuse("letter.not_the_districts_police",
                            "Only the unit of the municipality's district gives it notice.");
  }
  const av1::AddressDuty& known = duty.seen();
  if (duty.has_seen() && !address::Stands(known.stage())) {
    return Decision::NoEffect("notice_crossed_end");
  }
  if (duty.has_seen() && message.version() <= known.version()) {
    return Decision::NoEffect("notice_known");
  }
  if (auto fault = address::FaultInPersons(message, known)) {
    return Decision::Refuse(*std::move(fault));
  }
  jv1::AddressDutyEvent event;
  jv1::NoticeReceived& received = *event.mutable_received();
  av1::AddressDuty& seen = *received.mutable_seen();
  seen = known;
  seen.set_notice_id(place.subject);
  seen.set_police(place.sender);
  seen.set_version(message.version());
  *seen.mutable_received() = exchange::ToProto(context.now);
  // Whoever is registered stays so while it is the same persons.
  const bool anew = !duty.has_seen() || !address::SamePersons(message, known);
  if (anew) seen.set_stage(av1::ADDRESS_DUTY_STAGE_REQUESTED);
  *seen.mutable_adult() = message.adult();
  *seen.mutable_children() = message.children();
  seen.clear_moves_on();
  if (message.has_moves_on()) *seen.mutable_moves_on() = message.moves_on();
  *received.mutable_next() = NextOf(seen, context);
  Decision decision;
  decision.AddEvent(event);
  if (seen.stage() != av1::ADDRESS_DUTY_STAGE_REQUESTED) {
    // The unit has asked anew before it heard that they are registered, or has not.
    Tell(seen.police(), seen.notice_id(),
         ReportOf(av1::ADDRESS_ACT_REGISTERED, seen.registered(), seen.version()), decision);
  }
  return decision;
}

// Whether nothing is left to do: who was never registered so, or does not live here, is not
// registered as anybody either.
bool Closes(const av1::AddressDuty& seen, bool lives_elsewhere) {
  return lives_elsewhere || !seen.has_registered() ||
         seen.stage() == av1::ADDRESS_DUTY_STAGE_MOVED_AWAY;
}

Decision OnEnded(const DutyLetter& letter, const av1::AddressNoticeEnded& message) {
  const auto& [duty, place, body, context] = letter;
  if (!duty.has_seen()) {
    // It was refused, and nothing is left of it here.
    Decision decision = Decision::NoEffect("end_of_unknown");
    Tell(place.sender, place.subject, ReportOf(av1::ADDRESS_ACT_CLOSED, Today(context), 0),
         decision);
    return decision;
  }
  if (auto other = NotOfItsUnit(letter)) return *std::move(other);
  const av1::AddressDuty& seen = duty.seen();
  if (seen.stage() == av1::ADDRESS_DUTY_STAGE_CLOSED ||
      (address::IsEnded(seen.stage()) && !message.lives_elsewhere())) {
    return Decision::NoEffect("notice_ended_before");
  }
  if (message.do_not_come() && !address::AwaitsMove(seen)) {
    return Decision::NoEffect("call_off_crossed_move");
  }
  jv1::AddressDutyEvent event;
  jv1::NoticeOver& over = *event.mutable_over();
  *over.mutable_instant() = Today(context);
  over.set_lives_elsewhere(message.lives_elsewhere() || message.do_not_come());
  if (!Closes(seen, over.lives_elsewhere())) {
    av1::AddressDuty after = seen;
    after.set_stage(av1::ADDRESS_DUTY_STAGE_ENDED_BY_POLICE);
    *over.mutable_next() = NextOf(after, context);
    return Decision().AddEvent(event);
  }
  Decision decision;
  decision.AddEvent(event).EraseReceived();
  Tell(seen.police(), seen.notice_id(),
       ReportOf(av1::ADDRESS_ACT_CLOSED, over.instant(), seen.version()), decision);
  return decision;
}

// Nobody is named any more.
void Close(jv1::AddressDuty& duty) {
  duty.mutable_seen()->set_stage(av1::ADDRESS_DUTY_STAGE_CLOSED);
  duty.mutable_seen()->clear_adult();
  duty.mutable_seen()->clear_children();
}

void Receive(jv1::AddressDuty& duty, const jv1::NoticeReceived& received) {
  *duty.mutable_seen() = received.seen();
  *duty.mutable_next() = received.next();
}

void Take(jv1::AddressDuty& duty, const jv1::ActRecorded& recorded) {
  Record(recorded, *duty.mutable_seen());
  *duty.mutable_next() = recorded.next();
  if (duty.seen().stage() == av1::ADDRESS_DUTY_STAGE_CLOSED) Close(duty);
}

void End(jv1::AddressDuty& duty, const jv1::NoticeOver& over) {
  const bool closes = Closes(duty.seen(), over.lives_elsewhere());
  *duty.mutable_seen()->mutable_ended() = over.instant();
  *duty.mutable_next() = over.next();
  duty.mutable_seen()->set_stage(av1::ADDRESS_DUTY_STAGE_ENDED_BY_POLICE);
  if (closes) Close(duty);
}

std::vector<std::string> KeysOf(const jv1::AddressDuty& duty, const exchange::Lookup&) {
  if (!duty.has_seen()) return {};
  return {address::NoticeKey(duty.seen().notice_id())};
}

std::vector<exchange::NamedObligation> Owed(const jv1::AddressDuty& duty) {
  return {{"", &duty.next()}};
}

std::vector<std::string> WhoGaveIt(const jv1::AddressDuty& duty) {
  if (!duty.has_seen() || duty.seen().stage() == av1::ADDRESS_DUTY_STAGE_CLOSED) return {};
  return {duty.seen().police()};
}

DutyPart Letters() {
  DutyPart part;
  part.On(&OnNotice).On(&OnEnded);
  return part;
}

DutyPart Events() {
  DutyPart part;
  part.After(&Receive).After(&Take).After(&End).Named(&KeysOf).Obligations("address.overdue",
                                                                           &Owed);
  return part;
}

}  // namespace

exchange::Aggregate AddressDuties() {
  exchange::Aggregate duties = exchange::Compose<jv1::AddressDuty, jv1::AddressDutyEvent>(
      "address", {Letters(), Events(), DutyMethods()},
      [](const exchange::LetterPlace& place) { return address::NoticeKey(place.subject); });
  // A store that was put back has forgotten what it reported.
  duties.open_counterparts = exchange::OfState(&WhoGaveIt);
  // The population register's people alone: who works on cases learns nothing of a notice by this.
  duties.visibility = [](const Message&, pv1::Reader reader, const DecisionContext&) {
    if (reader != pv1::READER_POPULATION_REGISTER) return exchange::Visibility{};
    return exchange::Visibility{reader, {pv1::CONDITION_OWN_PART}};
  };
  duties.account_key = [](const Message& state) {
    const auto& duty = static_cast<const jv1::AddressDuty&>(state);
    return duty.has_seen() ? address::NoticeKey(duty.seen().notice_id()) : std::string();
  };
  return duties;
}

}  // namespace exitbus::municipality
