// What a police unit's people do about notices to population registers.
#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include "exitbus/address/v1/messages.pb.h"
#include "exitbus/address/v1/notice_service.pb.h"
#include "exitbus/policy/v1/policy.pb.h"
#include "services/address/duty.h"
#include "services/exchange/membership.h"
#include "services/exchange/ports/directory.h"
#include "services/exchange/proto_time.h"
#include "services/exchange/typed.h"
#include "services/police/address.h"
#include "services/police/address_notice.h"
#include "services/police/address_notice_part.h"

namespace exitbus::police {
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
// One without an id is new.
std::string GivenById(const av1::GiveAddressNoticeRequest& request) {
  return request.notice_id().empty() ? "" : address::NoticeKey(request.notice_id());
}

exchange::Party Register(const std::string& municipality, const std::string& notice_id) {
  return {municipality, pv1::RELATION_POPULATION_REGISTER, notice_id,
          {},           pv1::LEGAL_BASIS_OTHER_LAW,        pv1::PURPOSE_SECURITY};
}

std::optional<exchange::Refusal> FaultInMove(const av1::GiveAddressNoticeRequest& request,
                                             const av1::AddressNotice& known,
                                             const DecisionContext& context) {
  const std::string& handover_id = request.handover_id();
  if (handover_id.empty() || handover_id == known.handover_id()) return std::nullopt;
  if (!known.handover_id().empty()) {
    return exchange::RefusedBy("address.move_over",
                               "This notice is for another move. Give a new one for this.");
  }
  if (!IsMoveOfSomebody(handover_id, request.municipality(), context)) {
    return exchange::RefusedBy(
        "address.move_unknown",
        "No accepted handover to that municipality has this id here, or the other unit has not "
        "told yet whose it is. Call it, or leave the id out of who lives there.");
  }
  return std::nullopt;
}

std::optional<exchange::Refusal> FaultInPlace(const av1::GiveAddressNoticeRequest& request,
                                              const av1::AddressNotice& known,
                                              const DecisionContext& context) {
  const std::string& municipality = request.municipality();
  const auto listed = context.directory->Find(municipality);
  if (!listed || listed->kind != pv1::AUTHORITY_KIND_MUNICIPALITY ||
      !exchange::IsPoliceOf(*context.directory, context.self->id, municipality)) {
    return BadInput("address.not_of_this_district",
                    "Give notice to a municipality of this unit's district; of another one its own "
                    "unit does.");
  }
  if (!known.municipality().empty() && known.municipality() != municipality) {
    return exchange::RefusedBy("address.other_municipality",
                               "This notice is to another municipality. Give a new one there.");
  }
  const bool as_before =
      known.has_moves_on() && request.moves_on().seconds() == known.moves_on().seconds();
  if (!request.has_moves_on() || as_before) return std::nullopt;
  return address::FaultInPlan(FromProto(request.moves_on()), context.now);
}

std::optional<exchange::Refusal> FaultIn(const av1::GiveAddressNoticeRequest& request,
                                         const av1::AddressNotice& known,
                                         const DecisionContext& context) {
  const bool is_new = known.notice_id().empty();
  if (!is_new && !address::Stands(known.stage())) return address::HasEnded();
  if (auto fault = address::FaultInPersons(request, known)) return fault;
  if (auto fault = FaultInPlace(request, known, context)) return fault;
  if (auto fault = FaultInMove(request, known, context)) return fault;
  if (is_new && HasAnother(request.adult().cpr_number(), request.municipality(), *context.lookup)) {
    return exchange::RefusedBy("address.notice_stands",
                               "A notice of this adult to that municipality stands: find it by his "
                               "number, and give that one anew.");
  }
  return std::nullopt;
}

Decision Give(const jv1::AddressNotice& notice, const av1::GiveAddressNoticeRequest& request,
              const DecisionContext& context) {
  const av1::AddressNotice& known = notice.seen();
  if (auto fault = FaultIn(request, known, context)) return Decision::Refuse(*std::move(fault));
  jv1::AddressNoticeEvent event;
  jv1::NoticeGiven& given = *event.mutable_given();
  av1::AddressNotice& seen = *given.mutable_seen();
  seen = known;
  if (seen.notice_id().empty()) seen.set_notice_id(context.lookup->FreshId());
  // Whoever is registered stays so while it is the same persons.
  if (known.notice_id().empty() || !address::SamePersons(request, known)) {
    seen.set_stage(av1::ADDRESS_DUTY_STAGE_REQUESTED);
  }
  seen.set_municipality(request.municipality());
  *seen.mutable_adult() = request.adult();
  *seen.mutable_children() = request.children();
  seen.clear_moves_on();
  if (request.has_moves_on()) *seen.mutable_moves_on() = request.moves_on();
  if (!request.handover_id().empty()) seen.set_handover_id(request.handover_id());
  seen.set_version(known.version() + 1);
  *seen.mutable_given() = ToProto(context.now);
  given.set_names_mover(IsMover(seen.handover_id(), seen.adult().cpr_number(), context));
  *given.mutable_next() = NextOf(seen, context);

  av1::AddressNoticeGiven message;
  *message.mutable_adult() = seen.adult();
  *message.mutable_children() = seen.children();
  if (seen.has_moves_on()) *message.mutable_moves_on() = seen.moves_on();
  message.set_version(seen.version());
  Decision decision;
  decision.AddEvent(event).Notify(pv1::RELATION_POLICE,
                                  Register(seen.municipality(), seen.notice_id()), message);
  jv1::AddressNotice after = notice;
  TakeGiven(after, given);
  TellHolder(after, context, decision);
  return decision;
}

Decision End(const jv1::AddressNotice& notice, const av1::EndAddressNoticeRequest& request,
             const DecisionContext& context) {
  const av1::AddressNotice& seen = notice.seen();
  const bool stands = address::Stands(seen.stage());
  const bool moved_away = seen.stage() == av1::ADDRESS_DUTY_STAGE_MOVED_AWAY;
  const bool to_be_seen =
      seen.stage() == av1::ADDRESS_DUTY_STAGE_ENDED_BY_PERSON && notice.next().has_due();
  const bool corrects = address::IsEnded(seen.stage()) && request.lives_elsewhere();
  if (!stands && !moved_away && !to_be_seen && !corrects) {
    return Decision::Refuse(address::HasEnded());
  }
  jv1::AddressNoticeEvent event;
  jv1::NoticeEnded& ended = *event.mutable_ended();
  *ended.mutable_instant() = ToProto(context.now);
  av1::AddressNotice over = seen;
  over.set_stage(to_be_seen ? av1::ADDRESS_DUTY_STAGE_CLOSED
                            : av1::ADDRESS_DUTY_STAGE_ENDED_BY_POLICE);
  *ended.mutable_next() = NextOf(over, context);
  av1::AddressNoticeEnded message;
  message.set_lives_elsewhere(moved_away || request.lives_elsewhere());
  Decision decision;
  decision.AddEvent(event).Notify(pv1::RELATION_POLICE,
                                  Register(seen.municipality(), seen.notice_id()), message);
  jv1::AddressNotice after = notice;
  TakeEnd(after, ended);
  if (stands) TellHolder(after, context, decision);
  return decision;
}

std::unique_ptr<Message> ListView(const jv1::AddressNotice& notice, std::string_view,
                                  const av1::ListAddressNoticesRequest& asked) {
  const av1::AddressNotice& seen = notice.seen();
  const bool left_out =
      (asked.open_only() && seen.stage() == av1::ADDRESS_DUTY_STAGE_CLOSED) ||
      (!asked.cpr_number().empty() && !address::Names(seen, asked.cpr_number())) ||
      (!asked.handover_id().empty() && asked.handover_id() != seen.handover_id());
  return left_out ? nullptr : NoticeView(notice);
}

}  // namespace

void TellCalledOff(const std::string& municipality, const std::string& notice_id,
                   Decision& decision) {
  av1::AddressNoticeEnded message;
  message.set_do_not_come(true);
  decision.Notify(pv1::RELATION_POLICE, Register(municipality, notice_id), message);
}

NoticePart NoticeMethods() {
  NoticePart part;
  part.Serve<av1::GiveAddressNoticeRequest>({.target = &GivenById,
                                             .decide = &Give,
                                             .view = &NoticeView,
                                             .needs = exchange::Needs::kConfirmedHead})
      .Serve<av1::EndAddressNoticeRequest>({.target = &ById,
                                            .decide = &End,
                                            .view = &NoticeView,
                                            .needs = exchange::Needs::kConfirmedHead})
      .Serve<av1::GetAddressNoticeRequest>({.target = &ById, .view = &NoticeView})
      .List<av1::ListAddressNoticesRequest>(
          {.prefix = address::NoticeKey(""),
           .view = &ListView,
           .watch = exchange::MethodOf(av1::WatchAddressNoticesRequest::descriptor())})
      .Account<av1::GetNoticeAccountRequest>(&ById);
  return part;
}

}  // namespace exitbus::police
