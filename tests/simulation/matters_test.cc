// What else becomes of a case that a municipality holds, at the unit of Kriminalforsorgen that
// supervises the person; and the meetings to which other authorities are called.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "exitbus/casework/v1/meeting_service.pb.h"
#include "exitbus/handover/v1/handover_service.pb.h"
#include "tests/simulation/intake_world.h"
#include "tests/simulation/supervision_world.h"

namespace exitbus::simulation {
namespace {

namespace cv1 = casework::v1;
namespace kv1 = kriminalforsorgen::v1;
using testing::HasSubstr;
using testing::Not;

const std::string kSecurity = "exitbus.police.v1.SecurityService.";

class MattersTest : public testing::Test, protected SupervisionWorld {
 protected:
  // By the unit; the rule that refuses it, or "".
  template <class Response, class Request>
  std::string AtUnit(const std::string& method, Request request) {
    request.set_request_id(world.RequestId());
    request.set_supervision_id(Supervised().supervision_id());
    const auto answer = kif.Call<Response>(kSupervised + method, request);
    EXPECT_TRUE(world.Settle());
    return answer.ok() ? "" : RuleOf(answer.status());
  }
  template <class Response, class Request>
  std::string AtPolice(const std::string& method, Request request) {
    request.set_request_id(world.RequestId());
    request.set_security_id(OnlyFile(vestegnen)->security_id());
    const auto answer = vestegnen.Call<Response>(kSecurity + method, request);
    EXPECT_TRUE(world.Settle());
    return answer.ok() ? "" : RuleOf(answer.status());
  }
  // In a week, the police and the unit are called.
  std::string Call(const std::string& id, const std::string& meeting_id = "") {
    cv1::CallMeetingRequest request;
    request.set_kind(cv1::MEETING_KIND_FOLLOW_UP);
    *request.mutable_at() = exchange::ToProto(Now() + absl::Hours(meeting_id.empty() ? 168 : 192));
    request.set_place("canary-place");
    request.set_police(true);
    request.set_supervising_unit(true);
    request.set_meeting_id(meeting_id);
    return Do<cv1::CallMeetingRequest, cv1::CallMeetingResponse>(
        ishoej, id, "exitbus.casework.v1.MeetingService.CallMeeting", request);
  }
  std::string AnswerOf(const Node& node, const std::string& id) {
    const auto seen = GetCase(ishoej, id);
    for (const cv1::CalledAuthority& called : seen->meetings(0).called()) {
      if (called.authority() == node.id()) return cv1::Coming_Name(called.coming());
    }
    return "not called";
  }
  // A case of Ishøj's, with its police and the unit that supervises.
  std::string Followed() {
    const std::string id = Released();
    EXPECT_TRUE(AskPolice(world, ishoej, id).ok());
    EXPECT_TRUE(world.Settle());
    EXPECT_TRUE(Assess(world, vestegnen, {"canary-precaution"}).ok());
    EXPECT_TRUE(world.Settle());
    return id;
  }
};

TEST_F(MattersTest, TheUnitReadsThePrecautionsByName) {
  const std::string id = Followed();
  ASSERT_TRUE(Supervised().matters().has_security());
  EXPECT_EQ(Supervised().matters().security().precautions(0), "canary-precaution");
  EXPECT_EQ(GetCase(ishoej, id)->supervisions(0).precautions_read_by(), "");
  ASSERT_EQ(AtUnit<kv1::ReadSupervisedPrecautionsResponse>("ReadSupervisedPrecautions",
                                                           kv1::ReadSupervisedPrecautionsRequest()),
            "");
  EXPECT_NE(GetCase(ishoej, id)->supervisions(0).precautions_read_by(), "");
  EXPECT_FALSE(GetCase(ishoej, id)->supervisions(0).precautions_overdue());
  ExpectNothingRefused();
}

TEST_F(MattersTest, WhatNobodyHasReadThereIsAlarmedOfAtTheMunicipality) {
  const std::string id = Followed();
  world.Pass(absl::Minutes(61));
  ASSERT_TRUE(world.Settle());
  EXPECT_TRUE(GetCase(ishoej, id)->supervisions(0).precautions_overdue());
  EXPECT_THAT(ishoej.telemetry().LinesOf("supervision.precautions_overdue"), testing::SizeIs(1));
}

TEST_F(MattersTest, ItHearsOfAHandoverAndNothingOfTheFormerHoldersAfterIt) {
  const std::string id = Followed();
  EXPECT_GT(Supervised().matters().agreement().measures_size(), 0);
  const std::string handover = Offered(world, ishoej, id, odense);
  EXPECT_EQ(Supervised().matters().handover().stage(), handover::v1::HANDOVER_STAGE_OFFERED);
  EXPECT_EQ(Supervised().matters().handover().receiver(), odense.id());
  ASSERT_EQ(Call(id), "");
  ASSERT_EQ(Supervised().meetings_size(), 1);
  ASSERT_TRUE(simulation::Do(world, odense, "TakeOverCase", handover).ok());
  ASSERT_TRUE(world.Settle());
  EXPECT_EQ(Supervised().holder(), odense.id());
  EXPECT_GT(Supervised().matters().agreement().measures_size(), 0) << "Odense tells its own";
  EXPECT_FALSE(Supervised().matters().has_handover());
  EXPECT_EQ(Supervised().meetings_size(), 0);
  ExpectNothingRefused();
}

TEST_F(MattersTest, BothAreCalledAnswerAndHearThatItIsMoved) {
  const std::string id = Followed();
  ASSERT_EQ(Call(id), "");
  const std::string police = OnlyFile(vestegnen)->meetings(0).invitation_id();
  const std::string unit = Supervised().meetings(0).invitation_id();
  EXPECT_NE(police, unit) << "the ids of two readers never join";
  police::v1::AnswerMeetingRequest yes;
  yes.set_invitation_id(police);
  yes.set_coming(cv1::COMING_YES);
  ASSERT_EQ(AtPolice<police::v1::AnswerMeetingResponse>("AnswerMeeting", yes), "");
  kv1::AnswerSupervisedMeetingRequest no;
  no.set_invitation_id(unit);
  no.set_coming(cv1::COMING_NO);
  ASSERT_EQ(AtUnit<kv1::AnswerSupervisedMeetingResponse>("AnswerSupervisedMeeting", no), "");
  EXPECT_EQ(AnswerOf(vestegnen, id), "COMING_YES");
  EXPECT_EQ(AnswerOf(kif, id), "COMING_NO");
  ASSERT_EQ(Call(id, GetCase(ishoej, id)->meetings(0).meeting_id()), "");
  EXPECT_EQ(AnswerOf(vestegnen, id), "COMING_UNSPECIFIED") << "it was said of another day";
  ASSERT_EQ(OnlyFile(vestegnen)->meetings_size(), 1);
  EXPECT_EQ(OnlyFile(vestegnen)->meetings(0).coming(), cv1::COMING_UNSPECIFIED);
  cv1::CancelMeetingRequest off;
  off.set_meeting_id(GetCase(ishoej, id)->meetings(0).meeting_id());
  ASSERT_EQ((Do<cv1::CancelMeetingRequest, cv1::CancelMeetingResponse>(
                ishoej, id, "exitbus.casework.v1.MeetingService.CancelMeeting", off)),
            "");
  EXPECT_EQ(OnlyFile(vestegnen)->meetings(0).stage(), cv1::MEETING_STAGE_CANCELLED);
  EXPECT_EQ(Supervised().meetings(0).stage(), cv1::MEETING_STAGE_CANCELLED);
  ExpectNothingRefused();
}

// Neither a unit that works on the case nor the citizen is to know who else is called.
TEST_F(MattersTest, ThatThePoliceAreCalledIsNothingToAUnitOrTheCitizen) {
  const std::string id = Followed();
  ASSERT_EQ(Call(id), "");
  cv1::GetForCitizenRequest citizen;
  citizen.set_case_id(id);
  const std::string shown =
      BytesOf(ishoej.Ask("exitbus.casework.v1.IntakeService.GetForCitizen", citizen));
  EXPECT_THAT(shown, HasSubstr("canary-place"));
  EXPECT_THAT(shown, Not(HasSubstr(vestegnen.id())));
}

TEST_F(MattersTest, APauseIsAskedForByBothAndDecidedByWhoAnswers) {
  const std::string id = Followed();
  ASSERT_EQ(Start(ishoej, id), "");
  ASSERT_EQ(AtUnit<kv1::RequestSupervisedPauseResponse>("RequestSupervisedPause",
                                                        kv1::RequestSupervisedPauseRequest()),
            "");
  EXPECT_EQ(GetCase(ishoej, id)->pause_requested().asked_by(), kif.id());
  ASSERT_EQ((Do<cv1::DeclinePauseRequest, cv1::DeclinePauseResponse>(
                ishoej, id, kCourseMethods + "DeclinePause", {})),
            "");
  EXPECT_TRUE(Supervised().has_pause_declined());
  EXPECT_FALSE(OnlyFile(vestegnen)->has_pause_declined()) << "it had not asked";
  ASSERT_EQ(
      AtPolice<police::v1::RequestPauseResponse>("RequestPause", police::v1::RequestPauseRequest()),
      "");
  EXPECT_EQ(GetCase(ishoej, id)->pause_requested().reason(), cv1::PAUSE_REASON_SECURITY);
  ASSERT_EQ(Pause(ishoej, id), "");
  EXPECT_FALSE(GetCase(ishoej, id)->has_pause_requested());
  EXPECT_FALSE(OnlyFile(vestegnen)->has_pause_requested());
  EXPECT_FALSE(Supervised().has_pause_requested());
  ExpectNothingRefused();
}

TEST_F(MattersTest, AMeasureThatTheUnitOwnsItMovesItself) {
  const std::string id = Followed();
  ASSERT_TRUE(
      SignAgreement(world, ishoej, id,
                    {MeasureOf(cv1::MEASURE_TYPE_MENTOR, cv1::MODULE_SOCIAL_CIRCLE, kif, "talks")})
          .ok());
  ASSERT_TRUE(world.Settle());
  kv1::ReportSupervisedMeasureRequest request;
  request.set_measure_id(Supervised().matters().agreement().measures(0).measure_id());
  request.set_stage(cv1::MEASURE_STAGE_STARTED);
  ASSERT_EQ(AtUnit<kv1::ReportSupervisedMeasureResponse>("ReportSupervisedMeasure", request), "");
  const auto here = GetCase(ishoej, id);
  ASSERT_EQ(here->measure_progress_size(), 1);
  EXPECT_EQ(here->measure_progress(0).stage(), cv1::MEASURE_STAGE_STARTED);
  EXPECT_EQ(here->stage(), cv1::CASE_STAGE_ACTIVE) << "the first measure starts the course";
  ExpectNothingRefused();
}

// SEC-02: what is learnt of his safety while the case moves the police hear too.
TEST_F(MattersTest, WhatIsLearntLateOfHisSafetyThePoliceHear) {
  const std::string id = Followed();
  const std::string handover = Offered(world, ishoej, id, odense);
  handover::v1::RecordLateFactRequest request;
  request.set_request_id(world.RequestId());
  request.set_handover_id(handover);
  request.set_kind(handover::v1::LATE_FACT_KIND_PRECAUTIONS);
  request.set_note("canary-note");
  ASSERT_TRUE(ishoej
                  .Call<handover::v1::RecordLateFactResponse>(
                      "exitbus.handover.v1.HandoverService.RecordLateFact", request)
                  .ok());
  ASSERT_TRUE(world.Settle());
  ASSERT_EQ(OnlyFile(vestegnen)->safety_notes_size(), 1);
  EXPECT_EQ(OnlyFile(vestegnen)->safety_notes(0).note(), "canary-note");
  EXPECT_EQ(OnlyFile(vestegnen)->safety_notes(0).told_by(), ishoej.id());
  ExpectNothingRefused();
}

}  // namespace
}  // namespace exitbus::simulation
