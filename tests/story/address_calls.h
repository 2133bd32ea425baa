// What actors do and see of the address duty.
#pragma once

#include <functional>
#include <string>

#include "exitbus/address/v1/notice_service.pb.h"
#include "exitbus/address/v1/register_service.pb.h"
#include "tests/story/actors.h"

namespace exitbus::story {

namespace av1 = address::v1;

// A police unit.
absl::StatusOr<av1::AddressNotice> GiveNotice(Actor& at, av1::GiveAddressNoticeRequest notice);
absl::StatusOr<Arrival<av1::AddressNotice>> AwaitNotice(Actor& at, const std::string& notice_id,
                                                        absl::Time since,
                                                        av1::AddressDutyStage stage);
// A population register.
absl::StatusOr<av1::AddressDuty> GetDuty(Actor& at, const std::string& notice_id);
absl::StatusOr<av1::AddressDuty> RecordRegistration(Actor& at, av1::RecordRegistrationRequest done);
absl::StatusOr<Arrival<av1::AddressDuty>> AwaitDuty(Actor& at, const std::string& notice_id,
                                                    absl::Time since);

}  // namespace exitbus::story
