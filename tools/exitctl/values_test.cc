#include "tools/exitctl/values.h"

#include <gtest/gtest.h>

#include "exitbus/casework/v1/case_service.pb.h"
#include "exitbus/handover/v1/handover_service.pb.h"
#include "tools/exitctl/names.h"

namespace exitbus::exitctl {
namespace {

const absl::Time kNow = absl::FromUnixSeconds(1'772'000'000);

TEST(Time, IsADateOrAnInstantOrCountsFromNow) {
  EXPECT_EQ(*TimeOf("2026-03-01", kNow), absl::FromUnixSeconds(1'772'323'200));
  EXPECT_EQ(*TimeOf("2026-03-01T09:00:00+01:00", kNow), absl::FromUnixSeconds(1'772'352'000));
  EXPECT_EQ(*TimeOf("2026-03-01T08:00Z", kNow), absl::FromUnixSeconds(1'772'352'000));
  EXPECT_EQ(*TimeOf("now", kNow), kNow);
  EXPECT_EQ(*TimeOf("+2h", kNow), kNow + absl::Hours(2));
  EXPECT_EQ(*TimeOf("-30m", kNow), kNow - absl::Minutes(30));
  for (const char* bad :
       {"", "tomorrow", "2026-13-01", "2026-03-01T09:00:00", "2h", "01-03-2026"}) {
    EXPECT_TRUE(absl::IsInvalidArgument(TimeOf(bad, kNow).status())) << bad;
  }
}

TEST(EnumNames, AreShortInEitherSpellingAndNeverUnspecified) {
  const auto& type = *handover::v1::RejectionCode_descriptor();
  for (const char* text : {"no_housing", "no-housing", "NO_HOUSING", "REJECTION_CODE_NO_HOUSING"}) {
    const auto value = FindValue(type, text);
    ASSERT_TRUE(value.ok()) << text;
    EXPECT_EQ((*value)->number(), handover::v1::REJECTION_CODE_NO_HOUSING);
    EXPECT_EQ(ShortName(**value), "no_housing");
  }
  for (const char* bad : {"unspecified", "REJECTION_CODE_UNSPECIFIED", "housing", ""}) {
    const auto status = FindValue(type, bad).status();
    EXPECT_TRUE(absl::IsInvalidArgument(status)) << bad;
    EXPECT_NE(std::string(status.message()).find("no_capacity"), std::string::npos);
  }
}

TEST(Fields, OfAMessageAreDividedByCommasBeforeTheirNames) {
  casework::v1::SignAgreementRequest request;
  ASSERT_TRUE(SetField(request, "agreement.measures",
                       "type=housing,months=6,description=a room, quiet, a=b", kNow)
                  .ok());
  ASSERT_TRUE(SetField(request, "agreement.measures", "type=mentor", kNow).ok());
  ASSERT_EQ(request.agreement().measures_size(), 2);
  const auto& measure = request.agreement().measures(0);
  EXPECT_EQ(measure.type(), casework::v1::MEASURE_TYPE_HOUSING);
  EXPECT_EQ(measure.months(), 6u);
  EXPECT_EQ(measure.description(), "a room, quiet, a=b");
  for (const char* bad : {"housing", "type=house", "months=six", "months=-1"}) {
    casework::v1::SignAgreementRequest refused;
    EXPECT_FALSE(SetField(refused, "agreement.measures", bad, kNow).ok()) << bad;
  }
}

TEST(FieldsDeathTest, OnlyExistingOnesAreInATable) {
  casework::v1::GetCaseRequest request;
  EXPECT_DEATH((void)SetField(request, "kase_id", "1", kNow), "kase_id");
}

}  // namespace
}  // namespace exitbus::exitctl
