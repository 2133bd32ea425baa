// How the people of the country move: handed over, protected, on their way, and there.
#include "absl/strings/str_cat.h"
#include "exitbus/address/v1/notice_service.pb.h"
#include "exitbus/address/v1/register_service.pb.h"
#include "exitbus/handover/v1/handover_service.pb.h"
#include "services/exchange/proto_time.h"
#include "tests/simulation/colleagues.h"
#include "tests/simulation/country.h"

namespace exitbus::simulation {
namespace {

namespace av1 = address::v1;
namespace hv1 = handover::v1;
namespace lv1 = relocation::v1;

}  // namespace

void Country::AgreeHandover(Mover& mover) {
  Node& holder = Municipality(mover.from);
  if (mover.handover.empty()) {
    const lv1::Relocation ours = At(holder, mover.relocation);
    if (ours.stage() != lv1::RELOCATION_STAGE_DECIDED || ours.placements().empty()) return;
    mover.to = ours.placements(ours.placements_size() - 1).municipality();
    const auto asked = Request(world, holder, mover.case_id, Municipality(mover.to));
    if (asked.ok()) mover.handover = asked->handover_id();
    return;
  }
  Node& there = Municipality(mover.to);
  const auto seen = GetHandover(there, mover.handover);
  if (!seen.ok()) return;
  if (seen->stage() == hv1::HANDOVER_STAGE_REQUESTED) {
    (void)Do(world, there, "AgreeTerms", mover.handover);
  } else if (seen->stage() == hv1::HANDOVER_STAGE_TERMS_COORDINATED && seen->has_person()) {
    (void)Do(world, there, Chance(95) ? "AcceptHandover" : "RejectHandover", mover.handover);
  }
}

void Country::SecureAddress(Mover& mover) {
  Node& unit = UnitOf(mover.to);
  Node& there = Municipality(mover.to);
  if (mover.notice.empty()) {
    if (&unit != &UnitOf(mover.from)) {
      police::v1::TransferAssessmentRequest transfer;
      transfer.set_security_id(mover.security_id);
      (void)Ask<police::v1::TransferAssessmentResponse>(
          UnitOf(mover.from), "exitbus.police.v1.SecurityService.TransferAssessment", transfer);
    }
    av1::GiveAddressNoticeRequest notice;
    notice.set_municipality(there.id());
    notice.mutable_adult()->set_cpr_number(mover.cpr_number);
    notice.mutable_adult()->set_name("Canary Name");
    *notice.mutable_moves_on() = exchange::ToProto(world.domain_clock.Now() + absl::Hours(24));
    notice.set_handover_id(mover.handover);
    const auto given = Ask<av1::GiveAddressNoticeResponse>(
        unit, "exitbus.address.v1.AddressNoticeService.GiveAddressNotice", notice);
    if (given.ok()) mover.notice = given->notice().notice_id();
    return;
  }
  av1::RecordRegistrationRequest done;
  done.set_notice_id(mover.notice);
  done.set_act(av1::ADDRESS_ACT_REGISTERED);
  const Speaking clerk(there, "population-register", "clerk");
  (void)Ask<av1::RecordRegistrationResponse>(
      there, "exitbus.address.v1.PopulationRegisterService.RecordRegistration", done);
}

void Country::Travel(Mover& mover) {
  Node& holder = Municipality(mover.from);
  Node& there = Municipality(mover.to);
  const auto seen = GetHandover(holder, mover.handover);
  if (!seen.ok()) return;
  if (seen->stage() == hv1::HANDOVER_STAGE_ACCEPTED) {
    if (seen->address_protection() == hv1::ADDRESS_PROTECTION_SECURED) {
      (void)Do(world, holder, "OfferHandover", mover.handover);
    } else {
      SecureAddress(mover);
    }
    return;
  }
  if (seen->stage() != hv1::HANDOVER_STAGE_OFFERED) return;
  switch (seen->journey().stage()) {
    case lv1::JOURNEY_STAGE_UNSPECIFIED:
    case lv1::JOURNEY_STAGE_BACK:
      if (Chance(3)) {
        (void)Do(world, there, "DeclineOffer", mover.handover);
      } else {
        (void)Do(world, holder, "RecordDeparture", mover.handover);
      }
      return;
    case lv1::JOURNEY_STAGE_UNDER_WAY:
      if (Chance(90)) {
        (void)Do(world, there, "RecordArrival", mover.handover);
      } else if (Chance(30)) {
        (void)Do(world, holder, "RecordArrival", mover.handover);  // he turned back
      }
      return;
    default:
      (void)Do(world, there, "TakeOverCase", mover.handover);
      return;
  }
}

}  // namespace exitbus::simulation
