// What is learnt before a visitation: step by step, by two employees, by units that see their own
// part of it, and shown to the citizen.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "services/exchange/proto_time.h"
#include "services/exchange/working_days.h"
#include "tests/simulation/intake_world.h"

namespace exitbus::simulation {
namespace {

namespace cv1 = casework::v1;
namespace pv1 = policy::v1;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

class IntakeTest : public testing::Test, protected IntakeWorld {};

TEST_F(IntakeTest, EachStepThatIsRequiredAndThenTwoDecide) {
  Configure({{cv1::INTAKE_STEP_SCREENING, cv1::INTAKE_STEP_POLICE, cv1::INTAKE_STEP_UNITS,
              cv1::INTAKE_STEP_INTERVIEW, cv1::INTAKE_STEP_SHOWN_TO_CITIZEN},
             true});
  const std::string id = Opened(ishoej, cv1::PROGRAMME_NATIONAL_FRAMEWORK);
  EXPECT_EQ(Visit(ishoej, id), "visitation.screening_required");
  ASSERT_EQ(Screen(id, cv1::CRIME_KIND_GANG), "");
  EXPECT_EQ(Visit(ishoej, id), "visitation.police_required");
  ASSERT_TRUE(AskPolice(world, ishoej, id).ok());
  ASSERT_TRUE(world.Settle());
  ASSERT_TRUE(Assess(world, vestegnen).ok());
  ASSERT_TRUE(world.Settle());
  EXPECT_EQ(Visit(ishoej, id), "visitation.units_required");
  ASSERT_EQ(Ask(id, pv1::FUNCTION_JOBCENTRE), "");
  EXPECT_EQ(Visit(ishoej, id), "visitation.units_required") << "it has not answered";
  ASSERT_EQ(Answer(id, true), "");
  EXPECT_EQ(Visit(ishoej, id), "visitation.interview_required");
  ASSERT_EQ(Interview(id), "");
  EXPECT_EQ(Visit(ishoej, id), "visitation.showing_required");
  ASSERT_EQ(Show(id), "");
  EXPECT_EQ(GetCase(ishoej, id)->intake().shown(0).units(0), pv1::FUNCTION_JOBCENTRE);
  Days(1);
  ASSERT_EQ(Answer(id, true), "") << "it says something else";
  EXPECT_EQ(Visit(ishoej, id), "visitation.showing_required") << "he has not seen that";
  ASSERT_EQ(Show(id), "");
  EXPECT_EQ(Confirm(id, "employee-2"), "visitation.not_proposed");
  ASSERT_EQ(Visit(ishoej, id), "");
  EXPECT_EQ(GetCase(ishoej, id)->stage(), cv1::CASE_STAGE_REFERRED) << "proposed only";
  EXPECT_THAT(InOverview(), IsEmpty()) << "NEC hears of what is decided";
  EXPECT_EQ(Confirm(id, ishoej.caller().employee), "visitation.second_person");
  ASSERT_EQ(Confirm(id, "employee-2"), "");
  EXPECT_EQ(GetCase(ishoej, id)->stage(), cv1::CASE_STAGE_VISITED);
  EXPECT_FALSE(GetCase(ishoej, id)->intake().has_proposed_visitation());
  EXPECT_THAT(InOverview(), testing::ElementsAre(ishoej.id() + " VISITED"));
  ExpectNothingRefused();
}

TEST_F(IntakeTest, AUnitSeesItsOwnQuestionAndInvitationAndNothingElseOfIt) {
  const std::string id = Opened(ishoej, cv1::PROGRAMME_MUNICIPAL_EXIT);
  ASSERT_EQ(Ask(id, pv1::FUNCTION_JOBCENTRE), "");
  ASSERT_EQ(Ask(id, pv1::FUNCTION_FAMILY_CENTRE), "");
  EXPECT_EQ(Ask(id, pv1::FUNCTION_JOBCENTRE), "unit.asked_already");
  ASSERT_EQ(Answer(id, true), "");
  ASSERT_EQ(Interview(id), "");
  ASSERT_TRUE(Involve(world, ishoej, id, pv1::FUNCTION_MENTOR).ok());
  ASSERT_EQ(Call(id, cv1::MEETING_KIND_AGREEMENT, pv1::FUNCTION_MENTOR), "");

  EXPECT_THAT(SeenBy("jobcentre", id), HasSubstr("canary-question"));
  EXPECT_THAT(SeenBy("jobcentre", id), HasSubstr("canary-employment"));
  EXPECT_THAT(SeenBy("family-centre", id), Not(HasSubstr("canary-employment")));
  for (const char* unit : {"jobcentre", "family-centre", "mentor"}) {
    EXPECT_THAT(SeenBy(unit, id), Not(HasSubstr(kInterviewCanary))) << unit;
    EXPECT_THAT(SeenBy(unit, id), Not(HasSubstr("canary-substances"))) << unit;
  }
  const auto meetings = [&](const char* function) {
    const Speaking unit(ishoej, function, "employee-9");
    return GetCase(ishoej, id)->meetings_size();
  };
  EXPECT_EQ(meetings("mentor"), 1);
  EXPECT_EQ(meetings("jobcentre"), 0);
  EXPECT_EQ(SeenBy("citizen-service", id), SeenBy("citizen-service", "no-such-case"));
}

TEST_F(IntakeTest, WhoIsAskedAndDoesNotAnswerIsAlarmedOfAndWaitedForNoLonger) {
  Configure({{cv1::INTAKE_STEP_UNITS}, false});
  const std::string id = Opened(ishoej, cv1::PROGRAMME_MUNICIPAL_EXIT);
  ASSERT_EQ(Ask(id, pv1::FUNCTION_JOBCENTRE), "");
  EXPECT_EQ(Visit(ishoej, id), "visitation.units_required");
  Days(10);
  EXPECT_EQ(ishoej.telemetry().LinesOf("unit.answer_overdue").size(), 1U);
  EXPECT_TRUE(GetCase(ishoej, id)->unit_questions(0).overdue());
  EXPECT_EQ(Visit(ishoej, id), "");
  ASSERT_EQ(Answer(id, false), "") << "late is better than never";
  EXPECT_FALSE(GetCase(ishoej, id)->unit_questions(0).overdue());
}

// What it said before stands meanwhile.
TEST_F(IntakeTest, AUnitIsAskedAgain) {
  const std::string id = Opened(ishoej, cv1::PROGRAMME_MUNICIPAL_EXIT);
  ASSERT_EQ(Ask(id, pv1::FUNCTION_JOBCENTRE), "");
  ASSERT_EQ(Answer(id, true), "");
  ASSERT_EQ(Ask(id, pv1::FUNCTION_JOBCENTRE), "");
  EXPECT_EQ(Ask(id, pv1::FUNCTION_JOBCENTRE), "unit.asked_already");
  EXPECT_EQ(GetCase(ishoej, id)->unit_questions(0).answer().employment(), "canary-employment");
  ASSERT_TRUE(Release(world, ishoej, id, pv1::FUNCTION_JOBCENTRE).ok());
  Days(10);
  EXPECT_THAT(ishoej.telemetry().LinesOf("unit.answer_overdue"), IsEmpty());
  EXPECT_EQ(GetCase(ishoej, id)->unit_questions(0).answer().employment(), "canary-employment");
}

TEST_F(IntakeTest, WithoutABasisNoUnitSaysAnything) {
  const std::string id = Opened(ishoej, cv1::PROGRAMME_MUNICIPAL_EXIT);
  ASSERT_EQ(Ask(id, pv1::FUNCTION_JOBCENTRE), "");
  ASSERT_TRUE(RevokeConsent(world, ishoej, id).ok());
  ASSERT_TRUE(EndLaw(world, ishoej, id).ok());
  EXPECT_EQ(Answer(id, true), "case.basis_required");
  Days(10);
  EXPECT_THAT(ishoej.telemetry().LinesOf("unit.answer_overdue"), IsEmpty());
}

TEST_F(IntakeTest, WhatIsProposedIsDecidedOnABasisAndByTheRulesOfThatDay) {
  Configure({{}, true});
  const std::string id = Opened(ishoej, cv1::PROGRAMME_MUNICIPAL_EXIT, "0101154001");
  ASSERT_EQ(Visit(ishoej, id), "");
  ASSERT_EQ(Change(ishoej, id, cv1::PROGRAMME_NATIONAL_FRAMEWORK), "");
  EXPECT_EQ(Confirm(id, "employee-2"), "visitation.under_age");
  ASSERT_EQ(Change(ishoej, id, cv1::PROGRAMME_MUNICIPAL_EXIT), "");
  ASSERT_TRUE(RevokeConsent(world, ishoej, id).ok());
  ASSERT_TRUE(EndLaw(world, ishoej, id).ok());
  EXPECT_EQ(Confirm(id, "employee-2"), "case.basis_required");
  EXPECT_EQ(GetCase(ishoej, id)->stage(), cv1::CASE_STAGE_REFERRED);
}

TEST_F(IntakeTest, AUnitThatIsReleasedOwesNoAnswer) {
  const std::string id = Opened(ishoej, cv1::PROGRAMME_MUNICIPAL_EXIT);
  ASSERT_EQ(Ask(id, pv1::FUNCTION_JOBCENTRE), "");
  ASSERT_TRUE(Release(world, ishoej, id, pv1::FUNCTION_JOBCENTRE).ok());
  Days(10);
  EXPECT_THAT(ishoej.telemetry().LinesOf("unit.answer_overdue"), IsEmpty());
  EXPECT_NE(Answer(id, true), "") << "the case is not there for it";
  EXPECT_EQ(GetCase(ishoej, id)->unit_questions_size(), 0);
}

TEST_F(IntakeTest, TheCitizenIsShownWhatMayBeAndNothingThatTellsOfMore) {
  const std::string id = Opened(ishoej, cv1::PROGRAMME_NATIONAL_FRAMEWORK);
  ASSERT_EQ(Ask(id, pv1::FUNCTION_JOBCENTRE), "");
  const std::string before = ForCitizen(id);
  EXPECT_THAT(before, Not(HasSubstr("canary-question")));
  ASSERT_EQ(Answer(id, false), "");
  EXPECT_THAT(ForCitizen(id), Not(HasSubstr("canary-employment")));
  ASSERT_EQ(Answer(id, true), "");
  EXPECT_THAT(ForCitizen(id), HasSubstr("canary-employment"));
  ASSERT_EQ(Interview(id), "");
  EXPECT_THAT(ForCitizen(id), HasSubstr(kInterviewCanary));

  const std::string without_police = ForCitizen(id);
  ASSERT_TRUE(AskPolice(world, ishoej, id).ok());
  ASSERT_TRUE(world.Settle());
  ASSERT_TRUE(Assess(world, vestegnen, {"canary-precaution"}).ok());
  ASSERT_TRUE(world.Settle());
  EXPECT_EQ(ForCitizen(id), without_police) << "to the last byte";
}

// What they have marked for him he is shown, and each newer version anew.
TEST_F(IntakeTest, WhatThePoliceHaveMarkedForTheCitizenHeIsShown) {
  Configure({{cv1::INTAKE_STEP_SHOWN_TO_CITIZEN}, false});
  const std::string id = Opened(ishoej, cv1::PROGRAMME_NATIONAL_FRAMEWORK);
  ASSERT_TRUE(AskPolice(world, ishoej, id).ok());
  ASSERT_TRUE(world.Settle());
  const auto assess = [&](bool may_be_shown) {
    auto request = AssessmentOf(world, OnlyFile(vestegnen)->security_id(), {"canary-precaution"});
    request.mutable_assessment()->set_conclusions("canary-conclusion");
    request.mutable_assessment()->set_may_be_shown(may_be_shown);
    EXPECT_TRUE(
        vestegnen.Call<police::v1::DeliverAssessmentResponse>(kDeliverAssessment, request).ok());
    EXPECT_TRUE(world.Settle());
  };
  assess(false);
  EXPECT_THAT(ForCitizen(id), Not(HasSubstr("canary-conclusion")));
  ASSERT_EQ(Show(id), "");
  assess(true);
  EXPECT_THAT(ForCitizen(id), HasSubstr("canary-conclusion"));
  EXPECT_THAT(ForCitizen(id), Not(HasSubstr("canary-precaution")));
  EXPECT_EQ(Visit(ishoej, id), "visitation.showing_required");
  ASSERT_EQ(Show(id), "");
  EXPECT_EQ(GetCase(ishoej, id)->intake().shown(1).police_version(), 2U);
  EXPECT_EQ(Visit(ishoej, id), "");
}

TEST_F(IntakeTest, WhatRestsOnAConsentIsHiddenOnceItIsRevoked) {
  const std::string id = Opened(ishoej, cv1::PROGRAMME_MUNICIPAL_EXIT);
  ASSERT_EQ(Interview(id), "");
  EXPECT_EQ(GetCase(ishoej, id)->intake().interview().substances(), "canary-substances");
  ASSERT_TRUE(RevokeConsent(world, ishoej, id).ok());
  EXPECT_EQ(GetCase(ishoej, id)->intake().interview().substances(), "");
  EXPECT_EQ(GetCase(ishoej, id)->intake().interview().most_pressing(), kInterviewCanary);
  EXPECT_EQ(Interview(id), "interview.health_needs_consent");
}

TEST_F(IntakeTest, WhoIsYoungBelongsToSspAndWhoIsOlderToKsp) {
  const std::string young = Opened(ishoej, cv1::PROGRAMME_NATIONAL_FRAMEWORK, "0101154001");
  ASSERT_EQ(Screen(young, cv1::CRIME_KIND_SITUATIONAL), "");
  EXPECT_EQ(GetCase(ishoej, young)->intake().screening().belongs_to(), cv1::REDIRECT_TARGET_SSP);
  const std::string id = Opened(ishoej, cv1::PROGRAMME_NATIONAL_FRAMEWORK);
  ASSERT_EQ(Screen(id, cv1::CRIME_KIND_SITUATIONAL), "");
  EXPECT_EQ(GetCase(ishoej, id)->intake().screening().belongs_to(), cv1::REDIRECT_TARGET_KSP);
  EXPECT_EQ(Visit(ishoej, id), "visitation.belongs_elsewhere");
  ASSERT_EQ(Screen(id, cv1::CRIME_KIND_GANG), "") << "it was wrong";
  EXPECT_EQ(Visit(ishoej, id), "");
  EXPECT_EQ(Visit(ishoej, young), "visitation.under_age");
}

TEST_F(IntakeTest, ACaseThatRunsAlreadyKeepsTheRulesOfItsTimeAndChangesNoOldFigure) {
  const auto brought_in = [&](const std::string& cpr, bool registered) {
    cv1::OpenCaseRequest open;
    open.set_request_id(world.RequestId());
    open.mutable_person()->set_cpr_number(cpr);
    open.mutable_person()->set_name("Canary Name");
    open.set_programme(cv1::PROGRAMME_NATIONAL_FRAMEWORK);
    open.mutable_brought_in()->set_history("in exit since 2016");
    open.mutable_brought_in()->set_nec_registered(registered);
    const auto opened = ishoej.Call<cv1::OpenCaseResponse>(kCaseMethods + "OpenCase", open);
    EXPECT_TRUE(opened.ok()) << opened.status();
    EXPECT_TRUE(RecordLaw(world, ishoej, opened->case_().case_id()).ok());
    return opened->case_().case_id();
  };
  const auto visited_in_2016 = [&](const std::string& id) {
    cv1::DecideVisitationRequest request;
    cv1::Visitation& visitation = *request.mutable_visitation();
    visitation.mutable_decided()->set_seconds(1'460'000'000);
    visitation.set_affiliation("a");
    visitation.set_position("p");
    visitation.set_motivation("m");
    visitation.set_risk_on_leaving("r");
    return Do<cv1::DecideVisitationRequest, cv1::DecideVisitationResponse>(
        ishoej, id, kCaseMethods + "DecideVisitation", request);
  };
  const std::string unknown = brought_in(kAnother, false);
  EXPECT_EQ(visited_in_2016(unknown), "visitation.registration_required");
  const std::string id = brought_in(kPerson, true);
  const absl::Time before = Now();
  Days(1);
  ASSERT_EQ(visited_in_2016(id), "");
  EXPECT_EQ(GetCase(ishoej, id)->visitation().rule_set(), cv1::RULE_SET_EVU_2011);
  EXPECT_EQ(GetCase(ishoej, id)->visitation().decided().seconds(), 1'460'000'000);
  EXPECT_EQ(Count(), "1: 1469 1+0");
  EXPECT_EQ(CountAt(before), "0:") << "NEC hears of him from now on";
  const std::string today = Opened(ishoej, cv1::PROGRAMME_NATIONAL_FRAMEWORK, "6101900012");
  ASSERT_EQ(visited_in_2016(today), "") << "of one that begins here the day is today";
  EXPECT_EQ(GetCase(ishoej, today)->visitation().rule_set(), cv1::RULE_SET_UNSPECIFIED);
}

TEST_F(IntakeTest, WhoAsksWhatIsKeptOfHimIsShownItWithinAMonth) {
  const std::string id = Opened(ishoej, cv1::PROGRAMME_MUNICIPAL_EXIT);
  const auto asks = [&] {
    return Do<cv1::RecordAccessRequestRequest, cv1::RecordAccessRequestResponse>(
        ishoej, id, kIntakeMethods + "RecordAccessRequest", {});
  };
  ASSERT_EQ(asks(), "");
  EXPECT_EQ(asks(), "access.asked_already");
  Days(40);
  EXPECT_EQ(ishoej.telemetry().LinesOf("access.overdue").size(), 1U);
  EXPECT_TRUE(GetCase(ishoej, id)->intake().access_request().overdue());
  ASSERT_EQ(Show(id), "");
  EXPECT_FALSE(GetCase(ishoej, id)->intake().has_access_request());
  ASSERT_EQ(asks(), "") << "he may ask again";
}

// The day that he turns 18 in Denmark, where it is an hour or two later than in UTC.
TEST_F(IntakeTest, SomebodyTurnsEighteenAtMidnightInDenmark) {
  const absl::CivilDay today = exchange::DayOf(Now());
  const absl::CivilDay born(today.year() - 18, today.month(), today.day());
  const absl::CivilDay tomorrow = absl::CivilDay(born) + 1;
  const auto cpr = [](absl::CivilDay day) {
    return absl::StrCat(absl::Dec(day.day(), absl::kZeroPad2),
                        absl::Dec(day.month(), absl::kZeroPad2),
                        absl::Dec(day.year() % 100, absl::kZeroPad2), "4001");
  };
  const std::string id = Opened(ishoej, cv1::PROGRAMME_NATIONAL_FRAMEWORK, cpr(born));
  EXPECT_EQ(Visit(ishoej, id), "");
  const std::string young = Opened(ishoej, cv1::PROGRAMME_NATIONAL_FRAMEWORK, cpr(tomorrow));
  EXPECT_EQ(Visit(ishoej, young), "visitation.under_age");
  Days(1);
  EXPECT_EQ(Visit(ishoej, young), "");
}

TEST_F(IntakeTest, AMunicipalitySetsTheLeastAgeOfItsOwnProgramme) {
  const std::string cpr = "0101144001";  // born in 2014
  const std::string young = Opened(ishoej, cv1::PROGRAMME_MUNICIPAL_EXIT, cpr);
  exchange::VisitationSettings settings;
  settings.municipal_exit_min_age = 15;
  Configure(settings);
  EXPECT_EQ(Visit(ishoej, young), "visitation.under_age");
  settings.municipal_exit_min_age = 10;
  Configure(settings);
  EXPECT_EQ(Visit(ishoej, young), "");
}

}  // namespace
}  // namespace exitbus::simulation
