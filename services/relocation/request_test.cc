// What a nomination has to say before any clock starts.
#include "services/relocation/request.h"

#include <google/protobuf/text_format.h>
#include <gtest/gtest.h>

namespace exitbus::relocation {
namespace {

std::string RuleOf(const std::string& text) {
  v1::Nomination nomination;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &nomination)) << text;
  const auto fault = FaultIn(nomination);
  return fault ? fault->reason : "";
}

constexpr char kSecurity[] = "security: SECURITY_GROUND_THREAT ";
constexpr char kLeaving[] = "leaving: LEAVING_GROUND_NONE ";
constexpr char kElsewhere[] = "elsewhere: ELSEWHERE_GROUND_NONE ";
constexpr char kAge[] =
    "age_band: AGE_BAND_50_AND_OVER "
    "profile { household: HOUSEHOLD_ALONE efforts: EFFORT_NONE from_month: 202603 } ";

std::string Text(std::initializer_list<const char*> parts) {
  std::string text;
  for (const char* part : parts) text += part;
  return text;
}

TEST(NominationTest, IsCompleteWhereEachCriterionIsAnsweredAndOneIsMet) {
  EXPECT_EQ(RuleOf(Text({kSecurity, kLeaving, kElsewhere, kAge})), "");
  EXPECT_EQ(
      RuleOf(Text({kSecurity, "security: SECURITY_GROUND_ATTACK ", kLeaving, kElsewhere, kAge})),
      "");
}

TEST(NominationTest, NamesTheCriterionThatIsNotAnswered) {
  for (const auto& [text, criterion] : {
           std::pair{Text({kLeaving, kElsewhere, kAge}), "security"},
           std::pair{Text({kSecurity, kElsewhere, kAge}), "leaving"},
           std::pair{Text({kSecurity, kLeaving, kAge}), "elsewhere"},
           std::pair{Text({kSecurity, "leaving: LEAVING_GROUND_UNSPECIFIED ", kElsewhere, kAge}),
                     "leaving"},
       }) {
    v1::Nomination nomination;
    google::protobuf::TextFormat::ParseFromString(text, &nomination);
    const auto fault = FaultIn(nomination);
    ASSERT_TRUE(fault) << text;
    EXPECT_EQ(fault->reason, "relocation.criterion_unanswered");
    EXPECT_NE(fault->message.find(criterion), std::string::npos) << fault->message;
  }
}

TEST(NominationTest, NoneStandsAlone) {
  EXPECT_EQ(RuleOf(Text(
                {kSecurity, kLeaving, "leaving: LEAVING_GROUND_DAILY_CONTACT ", kElsewhere, kAge})),
            "relocation.none_among_grounds");
}

TEST(NominationTest, NobodyIsNominatedWithoutAGround) {
  EXPECT_EQ(RuleOf(Text({"security: SECURITY_GROUND_NONE ", kLeaving, kElsewhere, kAge})),
            "relocation.no_criterion_met");
}

TEST(NominationTest, SaysHowOldThePersonIs) {
  EXPECT_EQ(RuleOf(Text({kSecurity, kLeaving, kElsewhere})), "relocation.age_band_required");
}

TEST(NominationTest, SaysWhoWouldComeAndWhen) {
  EXPECT_EQ(RuleOf(Text({kSecurity, kLeaving, kElsewhere, "age_band: AGE_BAND_UNDER_18 "})),
            "relocation.profile_incomplete");
}

}  // namespace
}  // namespace exitbus::relocation
