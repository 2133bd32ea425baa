// What the duty of a population register is made of. Internal to the municipality.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "exitbus/municipality_journal/v1/address.pb.h"
#include "services/exchange/decision.h"
#include "services/exchange/decision_context.h"
#include "services/exchange/part.h"

namespace exitbus::address::v1 {
class AddressDutyReported;
}

namespace exitbus::municipality {

namespace jv1 = municipality_journal::v1;
using DutyPart = exchange::Part<jv1::AddressDuty, jv1::AddressDutyEvent>;
using DutyLetter = exchange::Letter<jv1::AddressDuty>;

// What its people record.
DutyPart DutyMethods();
// What an act makes of the duty.
void Record(const jv1::ActRecorded& recorded, address::v1::AddressDuty& seen);

// What this register owes next; unset: nothing, since it is closed, or the police go on elsewhere.
obligation_journal::v1::Obligation NextOf(const address::v1::AddressDuty& seen,
                                          const exchange::DecisionContext& context);
// To the unit that gave the notice.
address::v1::AddressDutyReported ReportOf(address::v1::AddressAct act,
                                          const google::protobuf::Timestamp& day,
                                          std::uint32_t version);
void Tell(const std::string& unit, const std::string& notice_id,
          const address::v1::AddressDutyReported& report, exchange::Decision& decision);
// No finer than a day: whoever works on cases here knows when one was taken over.
google::protobuf::Timestamp Today(const exchange::DecisionContext& context);

}  // namespace exitbus::municipality
