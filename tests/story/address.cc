// The address of who moves under a threat: the police unit there gives notice, the population
// register does its part and learns nothing of why, and only then he departs.
#include "absl/strings/match.h"
#include "services/exchange/ports/status_macros.h"
#include "services/exchange/proto_time.h"
#include "tests/story/address_calls.h"
#include "tests/story/checks.h"
#include "tests/story/story.h"

namespace exitbus::story {
namespace {

av1::RecordRegistrationRequest Done(const std::string& notice_id, av1::AddressAct act) {
  av1::RecordRegistrationRequest done;
  done.set_notice_id(notice_id);
  done.set_act(act);
  return done;
}

}  // namespace

absl::Status Story::GiveAddressNotice(const Handing& handing) {
  Actor* const unit = ErasureScopeOf(handing.receiver);
  ASSIGN_OR_RETURN(const absl::Time now, deployment_->Today());
  RETURN_IF_ERROR(CheckRefusal(handing.holder->Depart(handing.id, now + absl::Hours(2)).status(),
                               "handover.address_not_secured"));
  av1::GiveAddressNoticeRequest notice;
  notice.set_municipality(handing.receiver->id());
  *notice.mutable_adult() = person_;
  *notice.add_children() = child_;
  *notice.mutable_moves_on() = exchange::ToProto(now);
  notice.set_handover_id(handing.id);
  ASSIGN_OR_RETURN(const av1::AddressNotice given, GiveNotice(*unit, std::move(notice)));
  notice_ = given.notice_id();
  say_->Did(Nick(unit), "gives Odense's population register notice, of a child too", unit->took());
  ASSIGN_OR_RETURN(const auto asked, AwaitDuty(*register_, notice_, unit->sent()));
  say_->Hop(Nick(unit), Nick(register_.get()), "AddressNoticeGiven", asked.took);
  say_->Sees(Nick(register_.get()), ShownIn(asked.view));
  say_->SeesNot(Nick(register_.get()), {"exit", "a group", "the case's id", "the handover"});
  const std::string bytes = asked.view.SerializeAsString();
  RETURN_IF_ERROR(
      Check(!absl::StrContains(bytes, case_id_) && !absl::StrContains(bytes, handing.id),
            "the register knows of no case", asked.view));
  if (!absl::IsPermissionDenied(GetDuty(*handing.receiver, notice_).status())) {
    return absl::InternalError("the exit coordinator reads the population register");
  }
  return absl::OkStatus();
}

absl::Status Story::SecureAddress(const Handing& handing) {
  RETURN_IF_ERROR(GiveAddressNotice(handing));
  RETURN_IF_ERROR(
      RecordRegistration(*register_, Done(notice_, av1::ADDRESS_ACT_REGISTERED)).status());
  say_->Did(Nick(register_.get()), "registers both as of no fixed address", register_->took());
  ASSIGN_OR_RETURN(
      const auto secured,
      handing.holder->AwaitHandover(
          handing.id, register_->sent(), "the address is secured", [](const hv1::Handover& seen) {
            return seen.address_protection() == hv1::ADDRESS_PROTECTION_SECURED;
          }));
  say_->Hop(Nick(register_.get()), Nick(handing.holder),
            "AddressDutyReported, then AddressProtectionStated by the unit there", secured.took);
  return absl::OkStatus();
}

// The duty goes on without the case.
absl::Status Story::RegisterMove(const Handing& handing) {
  ASSIGN_OR_RETURN(const absl::Time now, deployment_->Today());
  av1::RecordRegistrationRequest moved = Done(notice_, av1::ADDRESS_ACT_MOVED);
  *moved.mutable_day() = exchange::ToProto(now);
  RETURN_IF_ERROR(RecordRegistration(*register_, std::move(moved)).status());
  say_->Did(Nick(register_.get()), "registers the move, within five days", register_->took());
  ASSIGN_OR_RETURN(const auto heard, AwaitNotice(*ErasureScopeOf(handing.receiver), notice_,
                                                 register_->sent(), av1::ADDRESS_DUTY_STAGE_MOVED));
  RETURN_IF_ERROR(
      Check(heard.view.handover_id().empty(), "the notice is of no case any more", heard.view));
  ASSIGN_OR_RETURN(const hv1::Handover left, handing.holder->GetHandover(handing.id));
  return Check(left.address_protection() == hv1::ADDRESS_PROTECTION_UNSPECIFIED,
               "the leaving side sees nothing of it any more", left);
}

}  // namespace exitbus::story
