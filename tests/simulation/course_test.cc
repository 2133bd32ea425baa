// What an authority owes a course day by day, and what it has decided of those whom it turns away.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "exitbus/casework/v1/measure_service.pb.h"
#include "exitbus/casework/v1/programme_service.pb.h"
#include "tests/simulation/programme_world.h"

namespace exitbus::simulation {
namespace {

namespace cv1 = casework::v1;
using testing::IsEmpty;

constexpr absl::Duration kDay = absl::Hours(24);

class CourseTest : public testing::Test, protected ProgrammeWorld {
 protected:
  std::vector<cv1::NextAct> NextActs(const std::string& id) {
    const Case seen = *GetCase(ishoej, id);
    return {seen.next_acts().begin(), seen.next_acts().end()};
  }
};

// TIM-04. It is its owner's: what another authority is to begin is not missed here.
TEST_F(CourseTest, AMeasureThatIsNotBegunInItsTimeIsMissed) {
  const std::string id = Opened(ishoej, cv1::PROGRAMME_MUNICIPAL_EXIT);
  ASSERT_EQ(Visit(ishoej, id), "");
  std::vector<cv1::Measure> measures;
  for (Node* const owner : {&ishoej, &odense}) {
    cv1::Measure& measure = measures.emplace_back(
        MeasureOf(cv1::MEASURE_TYPE_MENTOR, cv1::MODULE_SOCIAL_CIRCLE, *owner, "a mentor"));
    measure.set_track(cv1::MEASURE_TRACK_INNER);
    *measure.mutable_begins_by() = exchange::ToProto(Now() + 10 * kDay);
  }
  ASSERT_TRUE(SignAgreement(world, ishoej, id, measures).ok());
  EXPECT_EQ(GetCase(ishoej, id)->agreement().measures(0).track(), cv1::MEASURE_TRACK_INNER);
  ASSERT_EQ(Start(ishoej, id), "");
  Days(9);
  EXPECT_THAT(ishoej.telemetry().LinesOf("measure.not_begun"), IsEmpty());
  Days(2);
  EXPECT_EQ(ishoej.telemetry().LinesOf("measure.not_begun").size(), 1U);
  const auto waits = [&] {
    for (const cv1::NextAct& act : NextActs(id)) {
      if (act.kind() == cv1::NEXT_ACT_KIND_START_MEASURE) return act.overdue() ? "late" : "waits";
    }
    return "";
  };
  EXPECT_STREQ(waits(), "late");
  cv1::StartMeasureRequest start;
  start.set_measure_id(GetCase(ishoej, id)->agreement().measures(0).measure_id());
  EXPECT_EQ((Do<cv1::StartMeasureRequest, cv1::StartMeasureResponse>(
                ishoej, id, "exitbus.casework.v1.MeasureService.StartMeasure", start)),
            "");
  EXPECT_STREQ(waits(), "");
}

// ELI-13 to ELI-15, N-11, N-16: the ground stays here, with the decision.
TEST_F(CourseTest, EachGroundForTurningSomebodyAwayIsKeptAndToldToNobody) {
  for (int ground = 1; ground <= cv1::RejectionGround_MAX; ++ground) {
    SCOPED_TRACE(cv1::RejectionGround_Name(static_cast<cv1::RejectionGround>(ground)));
    const std::string id = Opened(ishoej, cv1::PROGRAMME_MUNICIPAL_EXIT,
                                  absl::StrCat("610190", absl::Dec(ground, absl::kZeroPad4)));
    cv1::EndProgrammeRequest request;
    request.set_code(cv1::END_CODE_REJECTED);
    request.set_ground(static_cast<cv1::RejectionGround>(ground));
    request.set_reasons("r");
    ASSERT_EQ((Do<cv1::EndProgrammeRequest, cv1::EndProgrammeResponse>(
                  ishoej, id, kCourseMethods + "EndProgramme", request)),
              "");
    EXPECT_EQ(GetCase(ishoej, id)->end().ground(), ground);
  }
  EXPECT_THAT(InOverview(), IsEmpty());
}

// CF-6: Copenhagen keeps the ill in, and bridges to treatment; Ishøj may exclude them.
TEST_F(CourseTest, AnAuthorityDecidesWhatAGroundLeadsTo) {
  ishoej.Crash();
  auto& exclusions = ishoej.environment().settings.course.exclusions;
  exclusions[cv1::REJECTION_GROUND_MENTAL_ILLNESS] = exchange::Exclusion::kRedirect;
  exclusions[cv1::REJECTION_GROUND_SUBSTANCE_ABUSE] = exchange::Exclusion::kIgnore;
  ishoej.Start();
  ASSERT_TRUE(world.Settle());
  const std::string id = Opened(ishoej, cv1::PROGRAMME_MUNICIPAL_EXIT);
  const auto turn_away = [&](cv1::EndCode code, cv1::RejectionGround ground) {
    cv1::EndProgrammeRequest request;
    request.set_code(code);
    request.set_ground(ground);
    request.set_redirected_to(cv1::REDIRECT_TARGET_PSYCHIATRY);
    request.set_reasons("r");
    return Do<cv1::EndProgrammeRequest, cv1::EndProgrammeResponse>(
        ishoej, id, kCourseMethods + "EndProgramme", request);
  };
  EXPECT_EQ(turn_away(cv1::END_CODE_REDIRECTED, cv1::REJECTION_GROUND_SUBSTANCE_ABUSE),
            "programme.ground_ignored");
  EXPECT_EQ(turn_away(cv1::END_CODE_REJECTED, cv1::REJECTION_GROUND_MENTAL_ILLNESS),
            "programme.ground_redirects");
  EXPECT_EQ(turn_away(cv1::END_CODE_REDIRECTED, cv1::REJECTION_GROUND_MENTAL_ILLNESS), "");
}

// FUP-16, TIM-07: nothing ends by itself.
TEST_F(CourseTest, ACourseIsLookedAtOnceItHasLastedAsLongAsIsSet) {
  ishoej.Crash();
  ishoej.environment().settings.course.review_after_months[cv1::PROGRAMME_PLAN_FOR_FRIHED] = 6;
  ishoej.Start();
  ASSERT_TRUE(world.Settle());
  const std::string plan = Enrolled(ishoej, cv1::PROGRAMME_PLAN_FOR_FRIHED);
  ASSERT_EQ(Start(ishoej, plan), "");
  Days(180);
  EXPECT_THAT(ishoej.telemetry().LinesOf("course.review_overdue"), IsEmpty());
  Days(10);
  EXPECT_EQ(ishoej.telemetry().LinesOf("course.review_overdue").size(), 1U);
  EXPECT_EQ(GetCase(ishoej, plan)->stage(), cv1::CASE_STAGE_ACTIVE);
  ASSERT_EQ(Sign(ishoej, plan), "") << "agreed anew, it goes on";
  Days(100);
  EXPECT_EQ(ishoej.telemetry().LinesOf("course.review_overdue").size(), 1U);
  Days(100);
  EXPECT_EQ(ishoej.telemetry().LinesOf("course.review_overdue").size(), 2U);
  ASSERT_EQ(Change(ishoej, plan, cv1::PROGRAMME_MUNICIPAL_EXIT), "");
  for (const cv1::NextAct& act : NextActs(plan)) {
    EXPECT_NE(act.kind(), cv1::NEXT_ACT_KIND_REVIEW_COURSE) << "this one is not looked at";
  }
}

}  // namespace
}  // namespace exitbus::simulation
