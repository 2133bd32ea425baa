// What an authority that handles cases may decide on, and what is said of what it may not.
#include <string>
#include <utility>
#include <vector>

#include "adapters/directory/config_testing.h"

namespace exitbus::adapters {
namespace {

using testing::HasSubstr;

class CaseworkConfigTest : public ConfigFiles {};

TEST_F(CaseworkConfigTest, WhatCaseworkDecidesForItselfIsWhatItCan) {
  const auto plan = Load(kGood);
  ASSERT_TRUE(plan.ok());
  ASSERT_EQ(plan->course_reviews_size(), 1);
  EXPECT_EQ(plan->course_reviews(0).programme(), casework::v1::PROGRAMME_PLAN_FOR_FRIHED);
  EXPECT_EQ(plan->course_reviews(0).months(), 6U);
  const std::string ill = "exclusions { ground: REJECTION_GROUND_MENTAL_ILLNESS ";
  EXPECT_TRUE(Load(std::string(kGood) + ill + "exclusion: EXCLUSION_REDIRECT }").ok());
  for (const auto& [text, said] : std::vector<std::pair<std::string, std::string>>{
           {"municipal_exit_min_age: 121", "municipal_exit_min_age: is no age"},
           {"course_reviews { months: 6 }", "course_reviews[0].programme: is missing"},
           {"course_reviews { programme: PROGRAMME_MUNICIPAL_EXIT }",
            "course_reviews[0].months: is no such time"},
           {"exclusions { ground: REJECTION_GROUND_UNDER_AGE exclusion: EXCLUSION_IGNORE }",
            "exclusions[0].ground: is none that an authority decides on"},
           {ill + "}", "exclusions[0].exclusion: is missing"},
           {ill + "exclusion: EXCLUSION_IGNORE } " + ill + "exclusion: EXCLUSION_IGNORE }",
            "exclusions[1].ground: is listed twice"},
           {"complaint_guidance: \"until [date]\"", "complaint_guidance: has a bracket"},
           {"complaint_guidance: \"   \"", "complaint_guidance: "},
           {"visitation_requires: INTAKE_STEP_UNSPECIFIED", "visitation_requires[0]: is none"},
           {"municipal_exit_opens: PROGRAMME_OPENING_UNSPECIFIED",
            "municipal_exit_opens[0]: is none"}}) {
    const auto config = Load(std::string(kGood) + text);
    EXPECT_THAT(std::string(config.status().message()), HasSubstr(said)) << text;
  }
}

}  // namespace
}  // namespace exitbus::adapters
