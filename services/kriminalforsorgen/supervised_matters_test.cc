// What becomes of a supervised person's case beside its course, and what the unit does about it.
#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "exitbus/casework/v1/meeting_messages.pb.h"
#include "exitbus/kriminalforsorgen/v1/supervision_messages.pb.h"
#include "exitbus/kriminalforsorgen_journal/v1/supervision.pb.h"
#include "services/exchange/deciding_testing.h"
#include "services/kriminalforsorgen/supervised.h"
#include "tests/tables/inputs.h"

namespace exitbus::kriminalforsorgen {
namespace {

namespace cv1 = casework::v1;
namespace jv1 = kriminalforsorgen_journal::v1;
namespace pv1 = policy::v1;
using exchange::DirectoryEntry;
using exchange::kIshoej;
using exchange::Of;

const DirectoryEntry kUnit{
    "kriminalforsorgen-1469", pv1::AUTHORITY_KIND_KRIMINALFORSORGEN, "", "1469", "", "", "1469"};

exchange::Caller CaseOfficer() {
  exchange::Caller caller;
  caller.employee = "employee-7";
  return caller;
}

tables::Inputs All() {
  const exchange::LetterPlace ishoej{kIshoej.id, pv1::CHANNEL_CASE, "the-supervision", 1,
                                     pv1::AUTHORITY_KIND_MUNICIPALITY};
  tables::Inputs all(SupervisedCases(), ishoej);
  const std::string id = R"(supervision_id: "the-supervision" )";
  const std::string measure = id + R"(measure_id: "the-units" )";
  const std::string matters = "number: 1 matters { security { version: ";
  const std::string agreed =
      R"( } agreement { measures { measure_id: "the-units" owner: "kriminalforsorgen-1469" }
                        measures { measure_id: "theirs" owner: "municipality-0183" } } })";
  all.Message("<CaseMattersTold", matters + "3" + agreed)
      .Message("<CaseMattersTold, newer precautions", matters + "4" + agreed)
      .Message("<MeetingInvitation",
               R"(number: 1 meeting { invitation_id: "i" stage: MEETING_STAGE_CALLED
                                      at { seconds: 5 } })")
      .Message("<PauseDeclined", "number: 1")
      .Message("<SupervisedCourseReached", "number: 1 step: COURSE_STEP_PAUSED")
      .Command("AnswerSupervisedMeeting", id + R"(invitation_id: "i" coming: COMING_NO)")
      .Command("RequestSupervisedPause", id)
      .Command("ReadSupervisedPrecautions", id, CaseOfficer())
      .Command("ReportSupervisedMeasure", measure + "stage: MEASURE_STAGE_STARTED")
      .Command("ReportSupervisedMeasure, of nothing", measure)
      .Command("ReportSupervisedMeasure, completed", measure + "stage: MEASURE_STAGE_COMPLETED")
      .Command("ReportSupervisedMeasure, stopped on no law",
               measure + "stage: MEASURE_STAGE_STOPPED")
      .Command("ReportSupervisedMeasure, stopped",
               measure + R"(stage: MEASURE_STAGE_STOPPED stopped_on: LEGAL_BASIS_OTHER_LAW
                            reasons: "r")")
      .Command("ReportSupervisedMeasure, the municipality's",
               id + R"(measure_id: "theirs" stage: MEASURE_STAGE_STARTED)");
  return all;
}

class SupervisedMattersTest : public testing::Test {
 protected:
  std::string Happens(const std::string& input) {
    decision = inputs.Decide(input, *state, unit.DecisionContextFor());
    if (decision.accepted()) {
      state = std::static_pointer_cast<const jv1::Supervised>(
          decision.After(*state, inputs.aggregate().evolve));
    }
    return exchange::OutcomeOf(decision);
  }
  template <class Message>
  const Message* Told(const std::string& kind) const {
    return static_cast<const Message*>(exchange::Told(decision, kIshoej.id, kind));
  }
  const v1::CaseMatters& Matters() const { return state->seen().matters(); }

  const exchange::Deciding unit{kUnit, {kIshoej}};
  const tables::Inputs inputs = All();
  std::shared_ptr<const jv1::Supervised> state = std::make_shared<jv1::Supervised>(
      Of<jv1::Supervised>(R"(number: 1 seen { supervision_id: "the-supervision"
                             holder: "municipality-0183" stage: CASE_STAGE_ACTIVE })"));
  exchange::Decision decision;
};

TEST_F(SupervisedMattersTest, PrecautionsAreReadByNameOncePerVersion) {
  Happens("<CaseMattersTold");
  ASSERT_EQ(Happens("ReadSupervisedPrecautions"), "");
  ASSERT_NE(Told<v1::SupervisedPrecautionsRead>("SupervisedPrecautionsRead"), nullptr);
  EXPECT_EQ(Told<v1::SupervisedPrecautionsRead>("SupervisedPrecautionsRead")->version(), 3U);
  EXPECT_EQ(Matters().security().acknowledged_by(), "employee-7");
  Happens("<CaseMattersTold");
  EXPECT_EQ(Matters().security().acknowledged_by(), "employee-7") << "of the same version";
  EXPECT_EQ(Happens("ReadSupervisedPrecautions"), "refused precautions.read");
  Happens("<CaseMattersTold, newer precautions");
  EXPECT_EQ(Matters().security().acknowledged_by(), "");
  EXPECT_EQ(Happens("ReadSupervisedPrecautions"), "");
}

TEST_F(SupervisedMattersTest, AMeasureOfTheUnitsIsBegunAndEnded) {
  Happens("<CaseMattersTold");
  EXPECT_EQ(Happens("ReportSupervisedMeasure, the municipality's"), "refused measure.not_ours");
  EXPECT_EQ(Happens("ReportSupervisedMeasure, of nothing"), "refused measure.stage_required");
  EXPECT_EQ(Happens("ReportSupervisedMeasure, completed"), "refused measure.not_running");
  ASSERT_EQ(Happens("ReportSupervisedMeasure"), "");
  ASSERT_NE(Told<v1::MeasureReported>("MeasureReported"), nullptr);
  EXPECT_TRUE(Told<v1::MeasureReported>("MeasureReported")->progress().has_started());
  EXPECT_EQ(Happens("ReportSupervisedMeasure"), "refused measure.begun");
  EXPECT_EQ(Happens("ReportSupervisedMeasure, stopped on no law"),
            "refused measure.stopped_on_no_law");
  ASSERT_EQ(Happens("ReportSupervisedMeasure, stopped"), "");
  EXPECT_EQ(Matters().measure_progress(0).stage(), cv1::MEASURE_STAGE_STOPPED);
  EXPECT_EQ(Happens("ReportSupervisedMeasure, stopped"), "refused measure.ended");
}

TEST_F(SupervisedMattersTest, AMeetingIsAnsweredAndAPauseAskedFor) {
  Happens("<MeetingInvitation");
  ASSERT_EQ(Happens("AnswerSupervisedMeeting"), "");
  ASSERT_NE(Told<cv1::MeetingAnswered>("MeetingAnswered"), nullptr);
  EXPECT_EQ(Told<cv1::MeetingAnswered>("MeetingAnswered")->coming(), cv1::COMING_NO);
  ASSERT_EQ(Happens("RequestSupervisedPause"), "");
  EXPECT_EQ(Told<cv1::PauseRequested>("PauseRequested")->reason(), cv1::PAUSE_REASON_CUSTODY);
  EXPECT_EQ(Happens("RequestSupervisedPause"), "refused pause.asked");
  Happens("<PauseDeclined");
  EXPECT_TRUE(state->seen().has_pause_declined());
  EXPECT_EQ(Happens("<PauseDeclined"), "no effect pause_not_asked");
  ASSERT_EQ(Happens("RequestSupervisedPause"), "") << "anew";
  EXPECT_FALSE(state->seen().has_pause_declined());
  Happens("<SupervisedCourseReached");
  EXPECT_FALSE(state->seen().has_pause_requested());
  EXPECT_EQ(Happens("RequestSupervisedPause"), "refused pause.is_paused");
}

}  // namespace
}  // namespace exitbus::kriminalforsorgen
