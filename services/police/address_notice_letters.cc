// What a population register reports of a notice.
#include <optional>
#include <string>
#include <utility>

#include "exitbus/address/v1/messages.pb.h"
#include "services/address/duty.h"
#include "services/exchange/proto_time.h"
#include "services/police/address.h"
#include "services/police/address_notice_part.h"
#include "services/relocation/municipalities.h"

namespace exitbus::police {
namespace {

namespace av1 = address::v1;
using exchange::Decision;
using exchange::DecisionContext;

// The register has heard from this unit that there is nothing to do, of its people or of a move
// that is called off.
bool WasEndedFromHere(const av1::AddressNotice& seen, const DecisionContext& context) {
  if (address::IsEnded(seen.stage()) || seen.stage() == av1::ADDRESS_DUTY_STAGE_MOVED_AWAY) {
    return true;
  }
  return address::AwaitsMove(seen) && !seen.handover_id().empty() &&
         HolderOfMove(seen.handover_id(), seen.municipality(), context).empty();
}

// Why what the register says changes nothing here; nullopt: it does.
std::optional<Decision> ChangesNothing(const av1::AddressNotice& seen,
                                       const av1::AddressDutyReported& message,
                                       const DecisionContext& context) {
  const Decision out_of_turn =
      Decision::Refuse("letter.out_of_turn", "A population register does not report that here.");
  switch (message.act()) {
    case av1::ADDRESS_ACT_REGISTERED:
      if (message.version() > seen.version()) return out_of_turn;
      if (message.version() < seen.version()) {
        return Decision::NoEffect("report_of_older_version");
      }
      if (seen.stage() == av1::ADDRESS_DUTY_STAGE_REQUESTED) return std::nullopt;
      if (address::Stands(seen.stage())) return Decision::NoEffect("report_known");
      return Decision::NoEffect("report_crossed_end");
    case av1::ADDRESS_ACT_MOVED_AWAY:
      if (!message.moved_to().empty() &&
          relocation::FindMunicipality(message.moved_to()) == nullptr) {
        return out_of_turn;
      }
      [[fallthrough]];
    case av1::ADDRESS_ACT_MOVED:
    case av1::ADDRESS_ACT_PROTECTION_RENEWED:
      if (address::Stands(seen.stage())) return std::nullopt;
      return Decision::NoEffect("report_crossed_end");
    case av1::ADDRESS_ACT_ENDED_BY_PERSON:
      // Of both who ended it the register knows which was first there.
      if (address::Stands(seen.stage()) ||
          seen.stage() == av1::ADDRESS_DUTY_STAGE_ENDED_BY_POLICE) {
        return std::nullopt;
      }
      return Decision::NoEffect("report_crossed_end");
    case av1::ADDRESS_ACT_REGISTERED_ORDINARILY:
      if (address::IsEnded(seen.stage())) return std::nullopt;
      return out_of_turn;
    case av1::ADDRESS_ACT_CLOSED:
      if (WasEndedFromHere(seen, context)) return std::nullopt;
      return out_of_turn;
    default:
      return out_of_turn;
  }
}

Decision OnReported(const NoticeLetter& letter, const av1::AddressDutyReported& message) {
  const auto& [notice, place, body, context] = letter;
  const av1::AddressNotice& seen = notice.seen();
  if (!notice.has_seen() || place.sender != seen.municipality()) {
    return Decision::Refuse("letter.not_a_party", "No such notice was given to the sender.");
  }
  if (seen.stage() == av1::ADDRESS_DUTY_STAGE_CLOSED) {
    return Decision::NoEffect("report_crossed_end");
  }
  if (auto nothing = ChangesNothing(seen, message, context)) return *std::move(nothing);
  jv1::AddressNoticeEvent event;
  jv1::ActReported& reported = *event.mutable_reported();
  reported.set_act(message.act());
  *reported.mutable_day() = message.day();
  reported.set_moved_to(message.moved_to());
  reported.set_forgets_move(
      HolderOfMove(seen.handover_id(), seen.municipality(), context).empty() &&
      message.act() == av1::ADDRESS_ACT_MOVED);
  jv1::AddressNotice after = notice;
  TakeReport(after, reported);
  const bool closes = after.seen().stage() == av1::ADDRESS_DUTY_STAGE_CLOSED;
  if (after.seen().stage() == av1::ADDRESS_DUTY_STAGE_REQUESTED ||
      (!address::Stands(seen.stage()) && !closes)) {
    *reported.mutable_next() = notice.next();
  } else {
    *reported.mutable_next() = NextOf(after.seen(), context);
  }
  Decision decision;
  decision.AddEvent(event);
  if (closes) decision.EraseReceived();
  after.mutable_seen()->set_handover_id(seen.handover_id());
  if (address::Stands(seen.stage())) TellHolder(after, context, decision);
  return decision;
}

}  // namespace

NoticePart NoticeLetters() {
  NoticePart part;
  part.On(&OnReported);
  return part;
}

}  // namespace exitbus::police
