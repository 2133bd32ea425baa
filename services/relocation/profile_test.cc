// What a municipality has to be told before it is asked.
#include "services/relocation/profile.h"

#include <google/protobuf/text_format.h>
#include <gtest/gtest.h>

#include "exitbus/relocation/v1/relocation.pb.h"

namespace exitbus::relocation {
namespace {

std::string RuleOf(const std::string& text) {
  v1::Profile profile;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &profile)) << text;
  const auto fault = FaultIn(profile);
  return fault ? fault->reason : "";
}

const std::string kHousehold = "household: HOUSEHOLD_COUPLE ";
const std::string kEfforts = "efforts: EFFORT_EMPLOYMENT ";
const std::string kMonth = "from_month: 202703 ";

TEST(ProfileTest, IsCompleteWhereItSaysAllThree) {
  EXPECT_EQ(RuleOf(kHousehold + kEfforts + kMonth), "");
  EXPECT_EQ(RuleOf(kHousehold + kEfforts + "efforts: EFFORT_MENTOR " + kMonth), "");
  EXPECT_EQ(RuleOf(kHousehold + "efforts: EFFORT_NONE " + kMonth), "");
}

TEST(ProfileTest, IsIncompleteWhereOneIsMissingOrMeansNothing) {
  for (const std::string& text :
       {std::string(), kEfforts + kMonth, kHousehold + kMonth, kHousehold + kEfforts,
        kHousehold + kEfforts + "efforts: EFFORT_UNSPECIFIED " + kMonth,
        kHousehold + kEfforts + "efforts: EFFORT_NONE " + kMonth}) {
    EXPECT_EQ(RuleOf(text), "relocation.profile_incomplete") << text;
  }
}

TEST(ProfileTest, NamesAMonth) {
  for (const int month : {202001, 202612, 219912}) {
    EXPECT_EQ(RuleOf(kHousehold + kEfforts + "from_month: " + std::to_string(month)), "") << month;
  }
  for (const int month : {0, 1, 201912, 202000, 202613, 202699, 220001, 20270301}) {
    EXPECT_EQ(RuleOf(kHousehold + kEfforts + "from_month: " + std::to_string(month)),
              "relocation.profile_incomplete")
        << month;
  }
}

TEST(ProfileTest, ANominationIsForTheNextTwoYears) {
  const absl::Time now = absl::FromCivil(absl::CivilDay(2026, 11, 28), absl::UTCTimeZone());
  const auto rule = [&](std::uint32_t month) {
    v1::Profile profile;
    profile.set_from_month(month);
    const auto fault = MonthFault(profile, now);
    return fault ? fault->reason : "";
  };
  EXPECT_EQ(rule(202610), "relocation.month_out_of_range");
  EXPECT_EQ(rule(202611), "");
  EXPECT_EQ(rule(202811), "");
  EXPECT_EQ(rule(202812), "relocation.month_out_of_range");
}

}  // namespace
}  // namespace exitbus::relocation
