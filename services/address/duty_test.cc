#include "services/address/duty.h"

#include <gtest/gtest.h>

#include "exitbus/address/v1/messages.pb.h"
#include "services/exchange/deciding_testing.h"

namespace exitbus::address {
namespace {

using exchange::Of;

std::string FaultOf(const std::string& notice, const std::string& known = "") {
  const auto fault =
      FaultInPersons(Of<v1::AddressNoticeGiven>(notice), Of<v1::AddressNotice>(known));
  return fault ? fault->reason : "";
}
std::string RuleOf(const std::optional<exchange::Refusal>& fault) {
  return fault ? fault->reason : "";
}

TEST(AddressDutyTest, ANoticeNamesEachPersonOnce) {
  const std::string adult = R"(adult { cpr_number: "6101900001" name: "A" } )";
  EXPECT_EQ(FaultOf(adult), "");
  EXPECT_EQ(FaultOf(adult + R"(children { cpr_number: "6101150001" })"), "") << "without a name";
  EXPECT_EQ(FaultOf(""), "address.person_required");
  EXPECT_EQ(FaultOf(R"(adult { cpr_number: "6101900001" })"), "address.person_required");
  EXPECT_EQ(FaultOf(adult + R"(children { name: "B" })"), "address.person_required");
  EXPECT_EQ(FaultOf(adult + R"(children { cpr_number: "6101900001" name: "A" })"),
            "address.person_twice");
}

TEST(AddressDutyTest, GivenAnewItLeavesNobodyOut) {
  const std::string adult = R"(adult { cpr_number: "6101900001" name: "A" } )";
  const std::string one = R"(children { cpr_number: "6101150001" } )";
  const std::string other = R"(children { cpr_number: "6101150002" } )";
  EXPECT_EQ(FaultOf(adult + one, adult), "");
  EXPECT_EQ(FaultOf(adult + other + one, adult + one), "");
  EXPECT_EQ(FaultOf(adult, adult + one), "address.person_left_out");
  EXPECT_EQ(FaultOf(adult + other, adult + one), "address.person_left_out");
  EXPECT_EQ(FaultOf(R"(adult { cpr_number: "6101900009" name: "A" })", adult),
            "address.person_left_out");
}

TEST(AddressDutyTest, AMoveIsOfAboutNow) {
  const absl::Time now = exchange::Deciding::Now();
  const auto days = [&](int ahead) { return now + absl::Hours(24) * ahead; };
  EXPECT_EQ(RuleOf(FaultInPlan(days(365), now)), "");
  EXPECT_EQ(RuleOf(FaultInPlan(days(-30), now)), "");
  EXPECT_EQ(RuleOf(FaultInPlan(days(366), now)), "address.day_out_of_range");
  EXPECT_EQ(RuleOf(FaultInPlan(days(-31), now)), "address.day_out_of_range");
  EXPECT_EQ(RuleOf(FaultInMove(days(28), now)), "");
  EXPECT_EQ(RuleOf(FaultInMove(days(-365), now)), "");
  EXPECT_EQ(RuleOf(FaultInMove(days(29), now)), "address.day_of_act");
  EXPECT_EQ(RuleOf(FaultInMove(days(-366), now)), "address.day_of_act");
}

// The last minute of a day counts as the day, as Denmark counts days.
TEST(AddressDutyTest, AMoveIsDueFiveDaysAfterItsDay) {
  const auto at = [](int day, int hour, int minute) {
    return absl::FromCivil(absl::CivilMinute(2026, 6, day, hour, minute), absl::UTCTimeZone());
  };
  EXPECT_EQ(MoveDue(at(1, 21, 59)), at(6, 22, 0));
  EXPECT_EQ(MoveDue(at(1, 22, 1)), at(7, 22, 0));
}

}  // namespace
}  // namespace exitbus::address
