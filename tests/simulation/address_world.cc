#include "tests/simulation/address_world.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>

#include "exitbus/address/v1/notice_service.pb.h"
#include "exitbus/address/v1/register_service.pb.h"
#include "services/exchange/proto_time.h"
#include "tests/simulation/colleagues.h"

namespace exitbus::simulation {
namespace {

namespace av1 = address::v1;
namespace hv1 = handover::v1;

constexpr char kNotices[] = "exitbus.address.v1.AddressNoticeService.";
constexpr char kRegister[] = "exitbus.address.v1.PopulationRegisterService.";

void ExpectSame(const av1::AddressNotice& notice, const av1::AddressDuty& duty) {
  EXPECT_EQ(av1::AddressDutyStage_Name(notice.stage()), av1::AddressDutyStage_Name(duty.stage()));
  // The register hears of no version after the end.
  if (notice.stage() != av1::ADDRESS_DUTY_STAGE_CLOSED) {
    EXPECT_EQ(notice.version(), duty.version());
  }
  EXPECT_EQ(notice.adult().cpr_number(), duty.adult().cpr_number());
  EXPECT_EQ(notice.children_size(), duty.children_size());
  EXPECT_EQ(notice.has_moves_on(), duty.has_moves_on());
  EXPECT_EQ(notice.adult().cpr_number().empty(), notice.stage() == av1::ADDRESS_DUTY_STAGE_CLOSED);
}

// Who had arrived when the handover came to nothing is the officers' to judge.
bool HasDeparted(const hv1::Handover& seen) { return seen.journey().number() > 0; }

}  // namespace

void AddressWorld::AcceptedOnly() {
  Agreed();
  EXPECT_TRUE(Do(world, odense, "AcceptHandover", handover).ok());
  EXPECT_TRUE(world.Settle());
  EXPECT_TRUE(TransferAssessment().ok());
  EXPECT_TRUE(world.Settle());
}

absl::Status AddressWorld::TransferAssessment() {
  police::v1::TransferAssessmentRequest request;
  request.set_security_id(FileOf(vestegnen).security_id());
  return Insist<police::v1::TransferAssessmentResponse>(
             vestegnen, "exitbus.police.v1.SecurityService.TransferAssessment", request)
      .status();
}

void AddressWorld::OfferedOnly() {
  AcceptedOnly();
  EXPECT_TRUE(Do(world, holder, "OfferHandover", handover).ok());
  EXPECT_TRUE(world.Settle());
}

av1::GiveAddressNoticeRequest AddressWorld::NoticeOf(const std::string& cpr_number) {
  av1::GiveAddressNoticeRequest request;
  request.set_municipality(odense.id());
  request.mutable_adult()->set_cpr_number(cpr_number);
  request.mutable_adult()->set_name("Canary Name");
  *request.mutable_moves_on() = exchange::ToProto(world.clock.Now() + absl::Hours(24));
  request.set_handover_id(handover);
  return request;
}

absl::StatusOr<std::string> AddressWorld::Give(const std::string& notice_id, int children) {
  av1::GiveAddressNoticeRequest request = NoticeOf(kMover);
  request.set_notice_id(notice_id);
  for (int i = 1; i <= children; ++i) {
    casework::v1::Person& child = *request.add_children();
    child.set_cpr_number(absl::StrCat("610115000", i));
    child.set_name("Canary Name");
  }
  return Give(fyn, std::move(request));
}

absl::StatusOr<std::string> AddressWorld::Give(Node& unit, av1::GiveAddressNoticeRequest request) {
  const auto given = Insist<av1::GiveAddressNoticeResponse>(
      unit, absl::StrCat(kNotices, "GiveAddressNotice"), std::move(request));
  if (!given.ok()) return given.status();
  return given->notice().notice_id();
}

absl::Status AddressWorld::End(const std::string& notice_id, bool lives_elsewhere) {
  av1::EndAddressNoticeRequest request;
  request.set_notice_id(notice_id);
  request.set_lives_elsewhere(lives_elsewhere);
  return Insist<av1::EndAddressNoticeResponse>(fyn, absl::StrCat(kNotices, "EndAddressNotice"),
                                               request)
      .status();
}

absl::Status AddressWorld::Record(const std::string& notice_id, av1::AddressAct act) {
  av1::RecordRegistrationRequest request;
  request.set_notice_id(notice_id);
  request.set_act(act);
  if (act == av1::ADDRESS_ACT_MOVED || act == av1::ADDRESS_ACT_MOVED_AWAY) {
    *request.mutable_day() = exchange::ToProto(world.clock.Now());
  }
  if (act == av1::ADDRESS_ACT_MOVED_AWAY) request.set_moved_to("0751");
  const Speaking clerk(odense, "population-register", "clerk");
  return Insist<av1::RecordRegistrationResponse>(
             odense, absl::StrCat(kRegister, "RecordRegistration"), request)
      .status();
}

std::vector<av1::AddressNotice> AddressWorld::NoticesAt(Node& unit) {
  const auto listed = Insist<av1::ListAddressNoticesResponse>(
      unit, absl::StrCat(kNotices, "ListAddressNotices"), av1::ListAddressNoticesRequest());
  EXPECT_TRUE(listed.ok()) << listed.status();
  if (!listed.ok()) return {};
  return {listed->notices().begin(), listed->notices().end()};
}

std::vector<av1::AddressDuty> AddressWorld::DutiesAt(Node& municipality) {
  const Speaking clerk(municipality, "population-register", "clerk");
  const auto listed = Insist<av1::ListAddressDutiesResponse>(
      municipality, absl::StrCat(kRegister, "ListAddressDuties"), av1::ListAddressDutiesRequest());
  EXPECT_TRUE(listed.ok()) << listed.status();
  if (!listed.ok()) return {};
  return {listed->duties().begin(), listed->duties().end()};
}

std::string AddressWorld::Newest() {
  const auto notices = NoticesAt(fyn);
  const auto newest = std::max_element(
      notices.begin(), notices.end(), [](const av1::AddressNotice& a, const av1::AddressNotice& b) {
        return exchange::FromProto(a.given()) < exchange::FromProto(b.given());
      });
  return newest == notices.end() ? "" : newest->notice_id();
}

hv1::AddressProtection AddressWorld::Protection() {
  const auto seen = GetHandover(holder, handover);
  return seen.ok() ? seen->address_protection() : hv1::ADDRESS_PROTECTION_UNSPECIFIED;
}

void AddressWorld::ExpectNoticesAgreed() {
  std::map<std::string, av1::AddressDuty> duties;
  for (av1::AddressDuty& duty : DutiesAt(odense)) duties[duty.notice_id()] = std::move(duty);
  hv1::AddressProtection comes_to = hv1::ADDRESS_PROTECTION_UNSPECIFIED;
  for (const av1::AddressNotice& notice : NoticesAt(fyn)) {
    ExpectSame(notice, duties[notice.notice_id()]);
    const bool stands = notice.stage() <= av1::ADDRESS_DUTY_STAGE_MOVED;
    if (notice.handover_id().empty() || !stands) continue;
    const auto move = GetHandover(holder, notice.handover_id());
    ASSERT_TRUE(move.ok()) << move.status();
    const bool called_off = move->stage() >= hv1::HANDOVER_STAGE_REJECTED;
    EXPECT_FALSE(called_off && notice.has_moves_on() && !HasDeparted(*move))
        << "nothing stands for a move that is called off";
    if (notice.handover_id() != handover) continue;
    if (notice.stage() == av1::ADDRESS_DUTY_STAGE_REQUESTED) {
      comes_to = hv1::ADDRESS_PROTECTION_PENDING;
    } else if (comes_to != hv1::ADDRESS_PROTECTION_PENDING &&
               notice.adult().cpr_number() == kMover) {
      comes_to = hv1::ADDRESS_PROTECTION_SECURED;
    }
  }
  const auto seen = GetHandover(holder, handover);
  ASSERT_TRUE(seen.ok()) << seen.status();
  const bool none_needed =
      FileOf(fyn).transfer().no_notice_needed() && Protection() == hv1::ADDRESS_PROTECTION_SECURED;
  if (seen->stage() >= hv1::HANDOVER_STAGE_TAKEN_OVER) {
    EXPECT_EQ(Protection(), hv1::ADDRESS_PROTECTION_UNSPECIFIED) << "the leaving side";
  } else if (!none_needed) {
    EXPECT_EQ(hv1::AddressProtection_Name(Protection()), hv1::AddressProtection_Name(comes_to));
  }
}

}  // namespace exitbus::simulation
