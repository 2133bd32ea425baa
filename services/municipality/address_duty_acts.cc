// What a population register's people record of those whom the police want protected.
#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include "exitbus/address/v1/messages.pb.h"
#include "exitbus/address/v1/register_service.pb.h"
#include "exitbus/policy/v1/policy.pb.h"
#include "services/address/duty.h"
#include "services/exchange/ports/directory.h"
#include "services/exchange/proto_time.h"
#include "services/exchange/typed.h"
#include "services/exchange/working_days.h"
#include "services/municipality/address_duty_part.h"
#include "services/relocation/municipalities.h"

namespace exitbus::municipality {
namespace {

namespace av1 = address::v1;
namespace pv1 = policy::v1;
using exchange::BadInput;
using exchange::Decision;
using exchange::DecisionContext;
using exchange::FromProto;
using exchange::Message;
using exchange::ToProto;

template <class Request>
std::string ById(const Request& request) {
  return address::NoticeKey(request.notice_id());
}

std::unique_ptr<Message> View(const jv1::AddressDuty& duty) {
  if (!duty.has_seen()) return nullptr;
  auto view = std::make_unique<av1::AddressDuty>(duty.seen());
  exchange::ShowDue(duty.next(), *view);
  return view;
}

std::unique_ptr<Message> ListView(const jv1::AddressDuty& duty, std::string_view,
                                  const av1::ListAddressDutiesRequest& asked) {
  const bool left_out =
      (asked.open_only() && duty.seen().stage() == av1::ADDRESS_DUTY_STAGE_CLOSED) ||
      (!asked.cpr_number().empty() && !address::Names(duty.seen(), asked.cpr_number()));
  return left_out ? nullptr : View(duty);
}

// What is wrong with this act at this stage; nullopt: it may be recorded.
std::optional<exchange::Refusal> FaultIn(const av1::RecordRegistrationRequest& request,
                                         const av1::AddressDuty& seen) {
  const bool has_ended = !address::Stands(seen.stage());
  switch (request.act()) {
    case av1::ADDRESS_ACT_REGISTERED_ORDINARILY:
      if (address::IsEnded(seen.stage())) return std::nullopt;
      return exchange::RefusedBy("address.not_ended",
                                 "The notice stands, or nothing is left of it to be registered.");
    case av1::ADDRESS_ACT_REGISTERED:
      if (has_ended) break;
      if (seen.stage() == av1::ADDRESS_DUTY_STAGE_REQUESTED) return std::nullopt;
      return exchange::RefusedBy("address.registered_so", "They are registered so already.");
    case av1::ADDRESS_ACT_MOVED_AWAY:
    case av1::ADDRESS_ACT_ENDED_BY_PERSON:
      if (has_ended) break;
      return std::nullopt;
    default:
      if (has_ended) break;
      if (seen.has_registered()) return std::nullopt;
      return exchange::RefusedBy("address.register_first",
                                 "Register them as the police ask first: REGISTERED.");
  }
  return exchange::RefusedBy("address.has_ended",
                             "The notice has ended. Ask the police for a new one.");
}

std::optional<exchange::Refusal> FaultIn(const av1::RecordRegistrationRequest& request,
                                         const DecisionContext& context) {
  const bool moves_away = request.act() == av1::ADDRESS_ACT_MOVED_AWAY;
  const std::string& to = request.moved_to();
  if (request.act() == av1::ADDRESS_ACT_UNSPECIFIED || request.act() == av1::ADDRESS_ACT_CLOSED) {
    return BadInput("address.act_required", "Say what was done in the register.");
  }
  if (moves_away || request.act() == av1::ADDRESS_ACT_MOVED) {
    if (auto fault = address::FaultInMove(FromProto(request.day()), context.now)) return fault;
  }
  if (!to.empty() &&
      (!moves_away || relocation::FindMunicipality(to) == nullptr || to == context.self->code)) {
    return BadInput("address.municipality_unknown",
                    "Of who has moved away say to which other municipality, by its code of four "
                    "digits; or leave it out, if it is not known.");
  }
  return std::nullopt;
}

Decision RecordRegistration(const jv1::AddressDuty& duty,
                            const av1::RecordRegistrationRequest& request,
                            const DecisionContext& context) {
  auto fault = FaultIn(request, context);
  if (!fault) fault = FaultIn(request, duty.seen());
  if (fault) return Decision::Refuse(*std::move(fault));
  const bool moves =
      request.act() == av1::ADDRESS_ACT_MOVED || request.act() == av1::ADDRESS_ACT_MOVED_AWAY;
  jv1::AddressDutyEvent event;
  jv1::ActRecorded& recorded = *event.mutable_recorded();
  recorded.set_act(request.act());
  *recorded.mutable_day() = moves ? request.day() : Today(context);
  if (request.act() == av1::ADDRESS_ACT_REGISTERED ||
      request.act() == av1::ADDRESS_ACT_PROTECTION_RENEWED) {
    *recorded.mutable_protected_until() =
        ToProto(address::ProtectedUntil(FromProto(recorded.day())));
  }
  av1::AddressDuty after = duty.seen();
  Record(recorded, after);
  if (after.stage() == av1::ADDRESS_DUTY_STAGE_REQUESTED) {
    *recorded.mutable_next() = duty.next();
  } else {
    *recorded.mutable_next() = NextOf(after, context);
  }
  Decision decision;
  decision.AddEvent(event);
  if (after.stage() == av1::ADDRESS_DUTY_STAGE_CLOSED) decision.EraseReceived();
  av1::AddressDutyReported report = ReportOf(request.act(), recorded.day(), after.version());
  report.set_moved_to(request.moved_to());
  Tell(after.police(), after.notice_id(), report, decision);
  return decision;
}

}  // namespace

exchange::ov1::Obligation NextOf(const av1::AddressDuty& seen, const DecisionContext& context) {
  std::optional<absl::Time> due;
  if (seen.stage() == av1::ADDRESS_DUTY_STAGE_REQUESTED) {
    due = address::ToRegisterBy(context.now);
  } else if (address::IsEnded(seen.stage())) {
    due = address::OrdinaryDue(context.now);
  } else if (address::Stands(seen.stage())) {
    due = address::RenewalDue(FromProto(seen.protected_until()));
    if (address::AwaitsMove(seen)) {
      due = std::min(*due, address::MoveDue(FromProto(seen.moves_on())));
    }
  }
  if (!due) return {};
  return exchange::OwedBy(context.self->id, seen.notice_id(), *due);
}

av1::AddressDutyReported ReportOf(av1::AddressAct act, const google::protobuf::Timestamp& day,
                                  std::uint32_t version) {
  av1::AddressDutyReported report;
  report.set_act(act);
  *report.mutable_day() = day;
  report.set_version(version);
  return report;
}

void Tell(const std::string& unit, const std::string& notice_id,
          const av1::AddressDutyReported& report, Decision& decision) {
  decision.Notify(pv1::RELATION_POPULATION_REGISTER,
                  {unit,
                   pv1::RELATION_POLICE,
                   notice_id,
                   {},
                   pv1::LEGAL_BASIS_OTHER_LAW,
                   pv1::PURPOSE_SECURITY},
                  report);
}

google::protobuf::Timestamp Today(const DecisionContext& context) {
  return ToProto(exchange::StartOfDay(context.now));
}

void Record(const jv1::ActRecorded& recorded, av1::AddressDuty& seen) {
  address::Apply(recorded.act(), recorded.day(), seen);
  if (recorded.has_protected_until()) {
    *seen.mutable_protected_until() = recorded.protected_until();
  }
}

DutyPart DutyMethods() {
  DutyPart part;
  part.Serve<av1::RecordRegistrationRequest>({.target = &ById,
                                              .decide = &RecordRegistration,
                                              .view = &View,
                                              .needs = exchange::Needs::kConfirmedHead})
      .Serve<av1::GetAddressDutyRequest>({.target = &ById, .view = &View})
      .List<av1::ListAddressDutiesRequest>(
          {.prefix = address::NoticeKey(""),
           .view = &ListView,
           .watch = exchange::MethodOf(av1::WatchAddressDutiesRequest::descriptor())})
      .Account<av1::GetDutyAccountRequest>(&ById);
  return part;
}

}  // namespace exitbus::municipality
