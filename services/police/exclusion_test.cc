// Where a candidate may not live: what a statement has to say, and what it rules out.
#include "services/police/exclusion.h"

#include <gtest/gtest.h>

#include <string>

#include "absl/strings/str_cat.h"
#include "exitbus/relocation/v1/place.pb.h"
#include "services/exchange/deciding_testing.h"

namespace exitbus::police {
namespace {

namespace lv1 = relocation::v1;

constexpr char kOdense[] = "0461";
constexpr char kFyn[] = "1465";
constexpr char kIshoej[] = "0183";
constexpr char kGreve[] = "0253";  // beside Ishøj

lv1::PlaceStatement Stated(const std::string& text) {
  return exchange::Of<lv1::PlaceStatement>(absl::StrCat("groups: 7 ", text));
}
std::string RuleOf(const lv1::PlaceStatement& statement) {
  const auto fault = FaultIn(statement);
  return fault ? fault->reason : "";
}

TEST(ExclusionTest, SaysOfEachAreaWhy) {
  EXPECT_EQ(RuleOf(Stated("")), "");
  EXPECT_EQ(RuleOf(Stated(R"(excluded { area: "0461" reason: EXCLUSION_REASON_UNSAFE })")), "");
  EXPECT_EQ(RuleOf(Stated(R"(excluded { area: "1465" reason: EXCLUSION_REASON_CONTACT_BAN })")),
            "");
  EXPECT_EQ(RuleOf(Stated(R"(excluded { area: "0461" })")), "relocation.exclusion_reason_required");
  EXPECT_EQ(RuleOf(Stated(R"(excluded { area: "0461" reason: EXCLUSION_REASON_ORIGIN })")),
            "relocation.exclusion_reason_required");
}

TEST(ExclusionTest, KnowsEachArea) {
  for (const char* const area : {"", "0411", "1472", "Odense"}) {
    EXPECT_EQ(RuleOf(Stated(absl::StrCat("excluded { area: \"", area,
                                         "\" reason: EXCLUSION_REASON_UNSAFE }"))),
              "relocation.unknown_area")
        << area;
  }
  EXPECT_EQ(RuleOf(Stated(R"(admitted: "1465")")), "relocation.unknown_municipality");
}

TEST(ExclusionTest, OnlyABanHasAnEnd) {
  EXPECT_EQ(RuleOf(Stated(R"(excluded { area: "0461" reason: EXCLUSION_REASON_UNSAFE
                                        until { seconds: 1 } })")),
            "relocation.until_without_ban");
  EXPECT_EQ(RuleOf(Stated(R"(excluded { area: "0461" reason: EXCLUSION_REASON_RESIDENCE_BAN
                                        permitted_until { seconds: 1 } })")),
            "relocation.until_without_ban");
}

TEST(ExclusionTest, NamesAGroup) {
  EXPECT_EQ(RuleOf({}), "relocation.group_required");
  EXPECT_EQ(RuleOf(Stated("groups: 0")), "relocation.group_required");
}

TEST(ExclusionTest, ADistrictIsAllItsMunicipalities) {
  const auto statement =
      Stated(absl::StrCat("excluded { area: \"", kFyn, "\" reason: EXCLUSION_REASON_UNSAFE }"));
  EXPECT_EQ(RuledOut(statement, kOdense, kIshoej, absl::Now()), lv1::EXCLUSION_REASON_UNSAFE);
  EXPECT_EQ(RuledOut(statement, "0751", kIshoej, absl::Now()), lv1::EXCLUSION_REASON_UNSPECIFIED);
}

TEST(ExclusionTest, TheOriginAndWhatLiesBesideItAreOutUnlessAdmitted) {
  const lv1::PlaceStatement statement = Stated("");
  for (const char* const near : {kIshoej, kGreve}) {
    EXPECT_EQ(RuledOut(statement, near, kIshoej, absl::Now()), lv1::EXCLUSION_REASON_ORIGIN);
    EXPECT_EQ(
        RuledOut(Stated(absl::StrCat("admitted: \"", near, "\"")), near, kIshoej, absl::Now()),
        lv1::EXCLUSION_REASON_UNSPECIFIED);
    EXPECT_EQ(RuledOut(statement, near, "", absl::Now()), lv1::EXCLUSION_REASON_UNSPECIFIED)
        << "a prison is in charge";
  }
}

// What is admitted is only not ruled out for where it lies.
TEST(ExclusionTest, AnUnsafePlaceIsNotAdmitted) {
  EXPECT_EQ(RuledOut(Stated(R"(admitted: "0253"
                               excluded { area: "0253" reason: EXCLUSION_REASON_UNSAFE })"),
                     kGreve, kIshoej, absl::Now()),
            lv1::EXCLUSION_REASON_UNSAFE);
}

TEST(ExclusionTest, ABanHoldsUntilItsEndOrAPermissionThatLasts) {
  const auto of = [](const std::string& times) {
    return RuledOut(Stated(absl::StrCat("excluded { area: \"", kOdense,
                                        "\" reason: EXCLUSION_REASON_RESIDENCE_BAN ", times, "}")),
                    kOdense, kIshoej, absl::FromUnixSeconds(1000));
  };
  const auto kOut = lv1::EXCLUSION_REASON_RESIDENCE_BAN;
  const auto kIn = lv1::EXCLUSION_REASON_UNSPECIFIED;
  EXPECT_EQ(of(""), kOut);
  EXPECT_EQ(of("until { seconds: 1001 }"), kOut);
  EXPECT_EQ(of("until { seconds: 1000 }"), kIn) << "it has ended";
  EXPECT_EQ(of("until { seconds: 2000 } permitted_until { seconds: 1999 }"), kOut);
  EXPECT_EQ(of("until { seconds: 2000 } permitted_until { seconds: 2000 }"), kIn);
}

}  // namespace
}  // namespace exitbus::police
