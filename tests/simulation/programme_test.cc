// The course of a programme across the authorities: who hears how far it is, what becomes of it
// with a handover and a change of programme, and that nobody hears of it whom its programme does
// not let know.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "exitbus/casework/v1/case_service.pb.h"
#include "exitbus/casework/v1/measure_service.pb.h"
#include "exitbus/casework/v1/programme_service.pb.h"
#include "exitbus/police/v1/security_service.pb.h"
#include "exitbus/policy/v1/policy.pb.h"
#include "exitbus/pool/v1/pool_service.pb.h"
#include "tests/simulation/programme_world.h"

namespace exitbus::simulation {
namespace {

namespace cv1 = casework::v1;
namespace hv1 = handover::v1;
namespace nv1 = nec::v1;
namespace pv1 = policy::v1;
using testing::ElementsAre;
using testing::IsEmpty;

constexpr absl::Duration kDay = absl::Hours(24);

class ProgrammeTest : public testing::Test, protected ProgrammeWorld {};

// CF-4.
TEST_F(ProgrammeTest, TheCodeListSaysWhatEachOpensAndWasCalledBefore) {
  const auto answer = ishoej.Call<cv1::ListProgrammesResponse>(kCourseMethods + "ListProgrammes",
                                                               cv1::ListProgrammesRequest());
  ASSERT_TRUE(answer.ok()) << answer.status();
  ASSERT_EQ(answer->list().programmes_size(), cv1::Programme_ARRAYSIZE - 1) << "each programme";
  const cv1::ListedProgramme& framework = answer->list().programmes(0);
  EXPECT_EQ(framework.opens_size(), cv1::ProgrammeOpening_ARRAYSIZE - 1) << "all of it";
  const cv1::ListedProgramme& exit = answer->list().programmes(1);
  EXPECT_EQ(exit.programme(), cv1::PROGRAMME_MUNICIPAL_EXIT);
  std::vector<std::string> old;
  for (const cv1::OldName& name : exit.old_names()) old.push_back(name.name());
  EXPECT_THAT(old, ElementsAre("Exitprogrammet", "KIV", "EKP"));
  EXPECT_TRUE(answer->list().programmes(2).opens().empty()) << "who has no ties to a gang";
}

TEST_F(ProgrammeTest, InTheFrameworkNothingIsSignedBeforeThePoliceHaveAssessed) {
  const std::string id = Opened(ishoej, cv1::PROGRAMME_NATIONAL_FRAMEWORK);
  ASSERT_EQ(Visit(ishoej, id), "");
  EXPECT_EQ(Sign(ishoej, id), "agreement.assessment_required");
  ASSERT_TRUE(AskPolice(world, ishoej, id).ok());
  ASSERT_TRUE(world.Settle());
  EXPECT_EQ(Sign(ishoej, id), "agreement.assessment_required") << "they have not answered";
  ASSERT_TRUE(Assess(world, vestegnen).ok());
  ASSERT_TRUE(world.Settle());
  EXPECT_EQ(Sign(ishoej, id), "");
  EXPECT_THAT(InOverview(), ElementsAre(ishoej.id() + " ENROLLED"));
  ExpectNothingRefused();
}

TEST_F(ProgrammeTest, FromTheAgreementToTheLastFollowUp) {
  const std::string id = Enrolled(ishoej, cv1::PROGRAMME_MUNICIPAL_EXIT);
  ASSERT_TRUE(AskPolice(world, ishoej, id).ok());
  ASSERT_TRUE(world.Settle());
  ASSERT_EQ(Start(ishoej, id), "");
  EXPECT_THAT(InOverview(), ElementsAre(ishoej.id() + " ACTIVE"));
  ASSERT_EQ(Pause(ishoej, id), "");
  EXPECT_THAT(InOverview(), ElementsAre(ishoej.id() + " ACTIVE paused"));
  EXPECT_TRUE(OnlyFile(vestegnen)->paused());
  EXPECT_FALSE(GetCase(ishoej, id)->paused().reason() == cv1::PAUSE_REASON_UNSPECIFIED);
  ASSERT_EQ(Resume(ishoej, id), "");
  EXPECT_FALSE(OnlyFile(vestegnen)->paused());
  EXPECT_EQ(OnlyFile(vestegnen)->stage(), cv1::CASE_STAGE_ACTIVE);
  Days(400);
  const absl::Time ended = Now();
  ASSERT_EQ(End(ishoej, id, cv1::END_CODE_COMPLETED), "");
  EXPECT_THAT(InOverview(), ElementsAre(ishoej.id() + " ENDED"));
  EXPECT_EQ(OnlyEntry(nec)->end(), cv1::END_CODE_COMPLETED);
  EXPECT_EQ(Count(), "0:");
  EXPECT_EQ(CountAt(ended - kDay), "1: 1469 1+0");
  EXPECT_EQ(OnlyFile(vestegnen)->end(), cv1::END_CODE_COMPLETED);
  EXPECT_EQ(RuleOf(Assess(world, vestegnen)), "security.programme_over");

  EXPECT_EQ(FollowUp(ishoej, id, cv1::FOLLOW_UP_WINDOW_OCCUPIED_AFTER_3_MONTHS),
            "follow_up.too_early");
  Days(92);
  EXPECT_EQ(FollowUp(ishoej, id, cv1::FOLLOW_UP_WINDOW_OCCUPIED_AFTER_3_MONTHS), "");
  Days(274);
  EXPECT_EQ(FollowUp(ishoej, id, cv1::FOLLOW_UP_WINDOW_CHARGED_AFTER_1_YEAR), "");
  EXPECT_THAT(ishoej.telemetry().LinesOf("follow_up.overdue"), IsEmpty());
  Days(366 + 40);
  EXPECT_EQ(ishoej.telemetry().LinesOf("follow_up.overdue").size(), 1U) << "the last one is late";
  EXPECT_TRUE(GetCase(ishoej, id)->follow_ups(2).overdue());
  EXPECT_EQ(FollowUp(ishoej, id, cv1::FOLLOW_UP_WINDOW_CONVICTED_AFTER_2_YEARS), "");
  EXPECT_FALSE(GetCase(ishoej, id)->follow_ups(2).overdue());
  EXPECT_EQ(GetCase(ishoej, id)->stage(), cv1::CASE_STAGE_CLOSED);
  EXPECT_THAT(InOverview(), ElementsAre(ishoej.id() + " CLOSED"));
  EXPECT_THAT(DifferencesAt(nec), IsEmpty());
  ExpectNothingRefused();
}

TEST_F(ProgrammeTest, WhoIsAskedInACourseUnderWayHearsWhereItStands) {
  const std::string id = Enrolled(ishoej, cv1::PROGRAMME_MUNICIPAL_EXIT);
  ASSERT_EQ(Start(ishoej, id), "");
  ASSERT_EQ(Pause(ishoej, id), "");
  ASSERT_TRUE(AskPolice(world, ishoej, id).ok());
  ASSERT_TRUE(world.Settle());
  EXPECT_EQ(OnlyFile(vestegnen)->stage(), cv1::CASE_STAGE_ACTIVE);
  EXPECT_TRUE(OnlyFile(vestegnen)->paused());
}

TEST_F(ProgrammeTest, AMeasureIsItsOwnersWhateverBecomesOfTheCourse) {
  const std::string id = Enrolled(ishoej, cv1::PROGRAMME_MUNICIPAL_EXIT);
  const std::string measure = GetCase(ishoej, id)->agreement().measures(0).measure_id();
  const auto seen = [&] { return GetCase(ishoej, id)->measure_progress(0); };
  cv1::StartMeasureRequest start;
  start.set_measure_id(measure);
  const auto started = [&] {
    return Do<cv1::StartMeasureRequest, cv1::StartMeasureResponse>(
        ishoej, id, "exitbus.casework.v1.MeasureService.StartMeasure", start);
  };
  ASSERT_EQ(started(), "");
  EXPECT_EQ(started(), "measure.begun");
  EXPECT_THAT(InOverview(), ElementsAre(ishoej.id() + " ACTIVE")) << "with the first measure";
  Days(100);
  EXPECT_FALSE(seen().overdue());
  Days(100);
  EXPECT_TRUE(seen().overdue()) << "it was agreed for six months";
  EXPECT_EQ(ishoej.telemetry().LinesOf("measure.overdue").size(), 1U);
  ASSERT_EQ(End(ishoej, id, cv1::END_CODE_LAPSED), "");
  EXPECT_EQ(seen().stage(), cv1::MEASURE_STAGE_STARTED) << "the coordination alone has ended";
  cv1::CompleteMeasureRequest complete;
  complete.set_measure_id(measure);
  EXPECT_EQ((Do<cv1::CompleteMeasureRequest, cv1::CompleteMeasureResponse>(
                ishoej, id, "exitbus.casework.v1.MeasureService.CompleteMeasure", complete)),
            "");
  EXPECT_EQ(seen().stage(), cv1::MEASURE_STAGE_COMPLETED);
  EXPECT_FALSE(seen().overdue());
}

// C20: nothing is opened again; the new case says which one was before it.
TEST_F(ProgrammeTest, WhoComesBackHasANewCaseThatNamesTheOldOne) {
  const std::string first = Enrolled(ishoej, cv1::PROGRAMME_MUNICIPAL_EXIT);
  ASSERT_EQ(End(ishoej, first, cv1::END_CODE_NEVER_STARTED), "");
  EXPECT_EQ(GetCase(ishoej, first)->previous_case(), "");
  const std::string second = Enrolled(ishoej, cv1::PROGRAMME_MUNICIPAL_EXIT);
  EXPECT_EQ(GetCase(ishoej, second)->previous_case(), first);
  EXPECT_EQ(Start(ishoej, first), "case.programme_ended");
  EXPECT_THAT(InOverview(),
              testing::UnorderedElementsAre(ishoej.id() + " ENDED", ishoej.id() + " ENROLLED"));
  EXPECT_THAT(Entries(true), IsEmpty()) << "one of the two is over: that is no duplicate";
  Days(1);
  ASSERT_TRUE(Withdraw(ishoej, second).ok());
  ASSERT_TRUE(world.Settle());
  EXPECT_EQ(GetCase(ishoej, second)->end().code(), cv1::END_CODE_WITHDRAWN);
  const std::string third = Opened(ishoej, cv1::PROGRAMME_MUNICIPAL_EXIT);
  EXPECT_EQ(GetCase(ishoej, third)->previous_case(), second) << "the newest one";
  ExpectNothingRefused();
}

TEST_F(ProgrammeTest, AnOpenHandoverEndsWithTheCourse) {
  const std::string id = Enrolled(ishoej, cv1::PROGRAMME_MUNICIPAL_EXIT);
  ASSERT_EQ(Start(ishoej, id), "");
  const std::string handover = Accepted(world, ishoej, id, odense);
  ASSERT_EQ(End(ishoej, id, cv1::END_CODE_LAPSED), "");
  EXPECT_EQ(GetHandover(odense, handover)->stage(), hv1::HANDOVER_STAGE_RECALLED);
  EXPECT_THAT(InOverview(), ElementsAre(ishoej.id() + " ENDED"));
  ExpectNothingRefused();
}

TEST_F(ProgrammeTest, AStandingOfferHoldsTheCourse) {
  const std::string id = Enrolled(ishoej, cv1::PROGRAMME_MUNICIPAL_EXIT);
  Offered(world, ishoej, id, odense);
  EXPECT_EQ(Start(ishoej, id), "handover.offered_freezes_agreement");
  EXPECT_EQ(End(ishoej, id, cv1::END_CODE_LAPSED), "handover.offered_freezes_agreement");
}

// What a take-over brings: how far the course is, that it is paused, and in which programme.
TEST_F(ProgrammeTest, TheCourseGoesOnWhereTheCaseGoes) {
  const std::string id = Enrolled(ishoej, cv1::PROGRAMME_MUNICIPAL_EXIT);
  ASSERT_TRUE(AskPolice(world, ishoej, id).ok());
  ASSERT_TRUE(world.Settle());
  ASSERT_EQ(Start(ishoej, id), "");
  ASSERT_EQ(Pause(ishoej, id), "");
  ASSERT_TRUE(Assess(world, vestegnen).ok());
  ASSERT_TRUE(world.Settle());
  TakenOver(ishoej, id, odense);
  EXPECT_EQ(OnlyFile(fyn)->stage(), cv1::CASE_STAGE_ACTIVE);
  EXPECT_TRUE(OnlyFile(fyn)->paused()) << "the other district's unit hears it of the new holder";
  const Case taken = *GetCase(odense, id);
  EXPECT_EQ(taken.stage(), cv1::CASE_STAGE_ACTIVE);
  EXPECT_EQ(taken.programme(), cv1::PROGRAMME_MUNICIPAL_EXIT);
  EXPECT_EQ(taken.opens_size(), 4);
  EXPECT_EQ(taken.paused().reason(), cv1::PAUSE_REASON_SECURITY);
  EXPECT_EQ(exchange::FromProto(taken.started()),
            exchange::FromProto(GetCase(ishoej, id)->started()));
  EXPECT_THAT(InOverview(), ElementsAre(odense.id() + " ACTIVE paused"));
  ASSERT_EQ(Resume(odense, id), "");
  EXPECT_THAT(InOverview(), ElementsAre(odense.id() + " ACTIVE"));
  ExpectNothingRefused();
}

TEST_F(ProgrammeTest, OfWhoHasNoTiesToAGangNobodyHears) {
  const std::string id = Enrolled(ishoej, cv1::PROGRAMME_PLAN_FOR_FRIHED);
  ASSERT_EQ(Start(ishoej, id), "");
  EXPECT_EQ(RuleOf(AskPolice(world, ishoej, id)), "programme.no_police");
  const std::string handover = TakenOver(ishoej, id, odense);
  EXPECT_EQ(GetHandover(odense, handover)->programme(), cv1::PROGRAMME_PLAN_FOR_FRIHED);
  EXPECT_EQ(GetCase(odense, id)->programme(), cv1::PROGRAMME_PLAN_FOR_FRIHED);
  Days(2);
  EXPECT_THAT(Entries(), IsEmpty());
  for (Node* node : {&nec, &vestegnen, &fyn}) {
    EXPECT_THAT(node->Received(pv1::CHANNEL_HANDOVER), IsEmpty()) << node->id();
    EXPECT_THAT(node->Received(pv1::CHANNEL_CASE), IsEmpty()) << node->id();
  }
  const absl::Time before = Now();
  Days(1);
  // From that day on, by who answers for the case then.
  ASSERT_EQ(Change(odense, id, cv1::PROGRAMME_NATIONAL_FRAMEWORK), "");
  EXPECT_THAT(InOverview(), ElementsAre(odense.id() + " ACTIVE"));
  EXPECT_EQ(OnlyEntry(nec)->responsibility_number(), 2U);
  EXPECT_EQ(CountAt(before), "0:") << "that he was in exit before is not told";
  Days(2);
  EXPECT_THAT(DifferencesAt(nec), IsEmpty());
  ExpectNothingRefused();
}

TEST_F(ProgrammeTest, WhoLeavesTheFrameworkIsInTheOverviewNoMoreAndMayComeBack) {
  const std::string id = Enrolled(ishoej, cv1::PROGRAMME_MUNICIPAL_EXIT);
  ASSERT_TRUE(AskPolice(world, ishoej, id).ok());
  ASSERT_TRUE(world.Settle());
  ASSERT_EQ(Change(ishoej, id, cv1::PROGRAMME_GOD_LOESLADELSE), "");
  EXPECT_EQ(OnlyEntry(nec)->end(), cv1::END_CODE_OTHER_PROGRAMME);
  EXPECT_EQ(OnlyFile(vestegnen)->end(), cv1::END_CODE_OTHER_PROGRAMME);
  EXPECT_EQ(Count(), "0:");
  const auto before = OnlyEntry(nec)->SerializeAsString();
  ASSERT_EQ(Start(ishoej, id), "");
  Days(3);
  EXPECT_EQ(OnlyEntry(nec)->SerializeAsString(), before);
  EXPECT_THAT(DifferencesAt(nec), IsEmpty());

  ASSERT_EQ(Change(ishoej, id, cv1::PROGRAMME_NATIONAL_FRAMEWORK), "");
  EXPECT_THAT(InOverview(), ElementsAre(ishoej.id() + " ACTIVE"));
  EXPECT_EQ(OnlyFile(vestegnen)->stage(), cv1::CASE_STAGE_ACTIVE);
  EXPECT_EQ(Count(), "1: 1469 1+0");
  Days(2);
  EXPECT_THAT(DifferencesAt(nec), IsEmpty());
  ExpectNothingRefused();
}

// What NEC and the police unit were told before it is kept right, and erased, with the case.
TEST_F(ProgrammeTest, WhatWasToldBeforeAChangeIsCorrectedAndErased) {
  const std::string id = Enrolled(ishoej, cv1::PROGRAMME_MUNICIPAL_EXIT);
  ASSERT_EQ(Change(ishoej, id, cv1::PROGRAMME_PLAN_FOR_FRIHED), "");
  cv1::CorrectCaseRequest correct;
  correct.set_case_id(id);
  correct.set_reason("misspelt");
  correct.mutable_person()->set_name("Right Name");
  ASSERT_TRUE(Correct(world, ishoej, correct).ok());
  ASSERT_TRUE(world.Settle());
  EXPECT_EQ(OnlyEntry(nec)->person().name(), "Right Name");
  // What is new is nothing to those who hear of the case no more.
  cv1::ChangeDetailsRequest change;
  change.mutable_person()->set_name("New Name");
  *change.mutable_valid_from() = exchange::ToProto(Now());
  ASSERT_EQ((Do<cv1::ChangeDetailsRequest, cv1::ChangeDetailsResponse>(
                ishoej, id, kCaseMethods + "ChangeDetails", change)),
            "");
  EXPECT_EQ(OnlyEntry(nec)->person().name(), "Right Name");
  Erased(ishoej, id);
  ASSERT_TRUE(world.Settle());
  EXPECT_THAT(Entries(), IsEmpty());
}

TEST_F(ProgrammeTest, WhatTheNewProgrammeDoesNotOpenEndsFirst) {
  const std::string id = Enrolled(ishoej, cv1::PROGRAMME_MUNICIPAL_EXIT);
  pool::v1::SubmitPoolApplicationRequest apply;
  apply.set_request_id(world.RequestId());
  apply.set_case_id(id);
  apply.set_measure(pool::v1::POOL_MEASURE_TATTOO_REMOVAL);
  apply.add_grounds(pool::v1::POOL_GROUND_VISIBLE_AFFILIATION);
  apply.set_budget_year(
      static_cast<std::uint32_t>(absl::ToCivilYear(Now(), absl::UTCTimeZone()).year()));
  apply.set_applied_dkk(1000);
  ASSERT_TRUE(ishoej
                  .Call<pool::v1::SubmitPoolApplicationResponse>(
                      "exitbus.pool.v1.PoolService.SubmitPoolApplication", apply)
                  .ok());
  EXPECT_EQ(Change(ishoej, id, cv1::PROGRAMME_PLAN_FOR_FRIHED), "programme.pool_application_open");
  Accepted(world, ishoej, id, odense);
  EXPECT_EQ(Change(ishoej, id, cv1::PROGRAMME_PLAN_FOR_FRIHED), "handover.one_at_a_time");
}

}  // namespace
}  // namespace exitbus::simulation
