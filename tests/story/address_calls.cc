#include "tests/story/address_calls.h"

#include "tests/story/calls.h"

namespace exitbus::story {
namespace {

constexpr std::string_view kNotices = "exitbus.address.v1.AddressNoticeService.";
constexpr std::string_view kRegister = "exitbus.address.v1.PopulationRegisterService.";

}  // namespace

absl::StatusOr<av1::AddressNotice> GiveNotice(Actor& at, av1::GiveAddressNoticeRequest notice) {
  return at.Change<av1::AddressNotice>(In(kNotices, "GiveAddressNotice"), std::move(notice));
}

absl::StatusOr<Arrival<av1::AddressNotice>> AwaitNotice(Actor& at, const std::string& notice_id,
                                                        absl::Time since,
                                                        av1::AddressDutyStage stage) {
  av1::GetAddressNoticeRequest request;
  request.set_notice_id(notice_id);
  return Await<av1::AddressNotice>(
      [&] { return at.Ask<av1::AddressNotice>(In(kNotices, "GetAddressNotice"), request); }, since,
      at.id() + ": " + av1::AddressDutyStage_Name(stage),
      [stage](const av1::AddressNotice& seen) { return seen.stage() == stage; });
}

absl::StatusOr<av1::AddressDuty> GetDuty(Actor& at, const std::string& notice_id) {
  av1::GetAddressDutyRequest request;
  request.set_notice_id(notice_id);
  return at.Ask<av1::AddressDuty>(In(kRegister, "GetAddressDuty"), request);
}

absl::StatusOr<av1::AddressDuty> RecordRegistration(Actor& at,
                                                    av1::RecordRegistrationRequest done) {
  return at.Change<av1::AddressDuty>(In(kRegister, "RecordRegistration"), std::move(done));
}

absl::StatusOr<Arrival<av1::AddressDuty>> AwaitDuty(Actor& at, const std::string& notice_id,
                                                    absl::Time since) {
  return Await<av1::AddressDuty>([&] { return GetDuty(at, notice_id); }, since,
                                 at.id() + ": the notice has come",
                                 [](const av1::AddressDuty&) { return true; });
}

}  // namespace exitbus::story
