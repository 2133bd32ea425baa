// An authority's figures of its own cases, against what was done in them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "exitbus/casework/v1/first_contact_service.pb.h"
#include "services/exchange/proto_time.h"
#include "services/exchange/working_days.h"
#include "tests/simulation/programme_world.h"

namespace exitbus::simulation {
namespace {

namespace cv1 = casework::v1;
using testing::ElementsAre;
using testing::IsEmpty;

const std::string kFirst = "exitbus.casework.v1.FirstContactService.";

class FiguresTest : public testing::Test, protected ProgrammeWorld {
 protected:
  cv1::Outcomes Outcomes(Node& node, cv1::Programme programme = cv1::PROGRAMME_UNSPECIFIED) {
    cv1::GetOutcomesRequest request;
    request.set_programme(programme);
    const auto answer =
        node.Call<cv1::GetOutcomesResponse>(kCourseMethods + "GetOutcomes", request);
    EXPECT_TRUE(answer.ok()) << answer.status();
    if (!answer.ok()) return {};
    return answer->outcomes();
  }
  // "LAPSED at ACTIVE 1".
  std::vector<std::string> Ends(Node& node, cv1::Programme programme = cv1::PROGRAMME_UNSPECIFIED) {
    std::vector<std::string> ends;
    const cv1::Outcomes outcomes = Outcomes(node, programme);
    for (const cv1::EndFigure& figure : outcomes.ends()) {
      ends.push_back(
          absl::StrCat(cv1::EndCode_Name(figure.code()).substr(sizeof("END_CODE_") - 1), " at ",
                       cv1::CaseStage_Name(figure.phase()).substr(sizeof("CASE_STAGE_") - 1), " ",
                       figure.courses()));
    }
    return ends;
  }
  // "reached answered yes no" of the first window.
  std::string AfterThreeMonths(Node& node) {
    const cv1::Outcomes outcomes = Outcomes(node);
    if (outcomes.follow_ups().empty()) return "";
    const cv1::FollowUpFigure& figure = outcomes.follow_ups(0);
    EXPECT_EQ(figure.window(), cv1::FOLLOW_UP_WINDOW_OCCUPIED_AFTER_3_MONTHS);
    return absl::StrCat(figure.reached(), " ", figure.answered(), " ", figure.yes(), " ",
                        figure.no());
  }
  cv1::Capacity Capacity(Node& node) {
    const auto answer = node.Call<cv1::GetCapacityResponse>(kCaseMethods + "GetCapacity",
                                                            cv1::GetCapacityRequest());
    EXPECT_TRUE(answer.ok()) << answer.status();
    if (!answer.ok()) return {};
    return answer->capacity();
  }
  std::vector<std::string> Waiting(Node& node) {
    cv1::ListCasesRequest request;
    request.set_waiting_only(true);
    const auto answer = node.Call<cv1::ListCasesResponse>(kCaseMethods + "ListCases", request);
    EXPECT_TRUE(answer.ok()) << answer.status();
    std::vector<std::string> waiting;
    for (const Case& one : answer->cases()) {
      EXPECT_TRUE(one.waiting().has_since());
      waiting.push_back(one.case_id());
    }
    return waiting;
  }
};

// CAP-03, CAP-10.
TEST_F(FiguresTest, WhoAsksIsCountedAndNotNamed) {
  const auto ask = [&](cv1::FirstContactOutcome outcome, cv1::FirstContactAge age,
                       absl::Time at) -> std::string {
    cv1::RecordFirstContactRequest request;
    request.set_request_id(world.RequestId());
    request.set_source(cv1::REFERRAL_SOURCE_CITIZEN);
    request.set_outcome(outcome);
    request.set_age(age);
    *request.mutable_at() = exchange::ToProto(at);
    const auto answer =
        ishoej.Call<cv1::RecordFirstContactResponse>(kFirst + "RecordFirstContact", request);
    return answer.ok() ? "" : RuleOf(answer.status());
  };
  const auto counted = [&](std::uint32_t year) {
    cv1::CountFirstContactsRequest request;
    request.set_year(year);
    const auto answer =
        ishoej.Call<cv1::CountFirstContactsResponse>(kFirst + "CountFirstContacts", request);
    EXPECT_TRUE(answer.ok()) << answer.status();
    std::vector<std::string> said;
    for (const cv1::FirstContactFigure& figure : answer->figures().figures()) {
      said.push_back(absl::StrCat(cv1::FirstContactOutcome_Name(figure.outcome()), " ",
                                  figure.contacts(), " ", figure.over_25()));
    }
    return said;
  };
  const absl::Time before = Now() - absl::Hours(24 * 400);
  EXPECT_EQ(ask(cv1::FIRST_CONTACT_OUTCOME_ADVICE, cv1::FIRST_CONTACT_AGE_OVER_25, Now()), "");
  EXPECT_EQ(ask(cv1::FIRST_CONTACT_OUTCOME_ADVICE, cv1::FIRST_CONTACT_AGE_UP_TO_25, Now()), "");
  EXPECT_EQ(ask(cv1::FIRST_CONTACT_OUTCOME_NUMBER_GIVEN, {}, before), "");
  EXPECT_EQ(ask({}, {}, Now()), "first_contact.outcome_required");
  cv1::RecordFirstContactRequest nobody;
  nobody.set_request_id(world.RequestId());
  EXPECT_EQ(
      RuleOf(ishoej.Call<cv1::RecordFirstContactResponse>(kFirst + "RecordFirstContact", nobody)
                 .status()),
      "first_contact.source_required");
  EXPECT_EQ(ask(cv1::FIRST_CONTACT_OUTCOME_ADVICE, {}, Now() + absl::Hours(1)),
            "first_contact.when");
  EXPECT_THAT(counted(0), ElementsAre("FIRST_CONTACT_OUTCOME_NUMBER_GIVEN 1 0",
                                      "FIRST_CONTACT_OUTCOME_ADVICE 2 1"));
  const auto year = static_cast<std::uint32_t>(exchange::DayOf(Now()).year());
  EXPECT_THAT(counted(year), ElementsAre("FIRST_CONTACT_OUTCOME_ADVICE 2 1"));
  EXPECT_THAT(Ends(ishoej), IsEmpty()) << "it is no case";
}

TEST_F(FiguresTest, EachEndIsCountedByItsCodeAndPhase) {
  EXPECT_THAT(Ends(ishoej), IsEmpty());
  const std::string rejected = Opened(ishoej, cv1::PROGRAMME_MUNICIPAL_EXIT, kPerson);
  cv1::EndProgrammeRequest reject;
  reject.set_code(cv1::END_CODE_REJECTED);
  reject.set_ground(cv1::REJECTION_GROUND_NOT_MOTIVATED);
  reject.set_reasons("r");
  ASSERT_EQ((Do<cv1::EndProgrammeRequest, cv1::EndProgrammeResponse>(
                ishoej, rejected, kCourseMethods + "EndProgramme", reject)),
            "");
  const std::string never = Enrolled(ishoej, cv1::PROGRAMME_MUNICIPAL_EXIT);
  ASSERT_EQ(End(ishoej, never, cv1::END_CODE_NEVER_STARTED), "");
  const std::string lapsed = Enrolled(ishoej, cv1::PROGRAMME_PLAN_FOR_FRIHED);
  ASSERT_EQ(Start(ishoej, lapsed), "");
  EXPECT_EQ(Ends(ishoej).size(), 2U) << "it goes on";
  ASSERT_EQ(End(ishoej, lapsed, cv1::END_CODE_LAPSED), "");
  EXPECT_THAT(Ends(ishoej), ElementsAre("LAPSED at ACTIVE 1", "NEVER_STARTED at ENROLLED 1",
                                        "REJECTED at REFERRED 1"));
  EXPECT_THAT(Ends(ishoej, cv1::PROGRAMME_PLAN_FOR_FRIHED), ElementsAre("LAPSED at ACTIVE 1"));
  EXPECT_THAT(Ends(odense), IsEmpty());
}

// How many were asked stands beside what they answered (N-22).
TEST_F(FiguresTest, AFollowUpCountsOnceItIsTimeAndWhenItIsAnswered) {
  const std::string id = Enrolled(ishoej, cv1::PROGRAMME_MUNICIPAL_EXIT);
  ASSERT_EQ(Start(ishoej, id), "");
  ASSERT_EQ(End(ishoej, id, cv1::END_CODE_COMPLETED), "");
  EXPECT_EQ(AfterThreeMonths(ishoej), "0 0 0 0");
  Days(100);
  EXPECT_EQ(AfterThreeMonths(ishoej), "1 0 0 0");
  ASSERT_EQ(FollowUp(ishoej, id, cv1::FOLLOW_UP_WINDOW_OCCUPIED_AFTER_3_MONTHS), "");
  EXPECT_EQ(AfterThreeMonths(ishoej), "1 1 0 1");
  EXPECT_EQ(Outcomes(ishoej).follow_ups_size(), 3) << "each with a question of its own";
}

// More than there is room for is seen, and refuses nobody (CAP-02).
TEST_F(FiguresTest, WhoWaitsAndForHowManyThereIsRoom) {
  ishoej.Crash();
  ishoej.environment().settings.course.annual_places = 1;
  ishoej.Start();
  ASSERT_TRUE(world.Settle());
  const std::string first = Opened(ishoej, cv1::PROGRAMME_MUNICIPAL_EXIT, kPerson);
  Opened(ishoej, cv1::PROGRAMME_GOD_LOESLADELSE, kAnother);
  EXPECT_EQ(Capacity(ishoej).waiting(), 1U) << "talks before a release take no place";
  EXPECT_EQ(Capacity(ishoej).waiting_from_gangs(), 0U);
  EXPECT_EQ(Waiting(ishoej).size(), 2U);
  EXPECT_FALSE(Capacity(ishoej).full());
  ASSERT_EQ(Visit(ishoej, first), "");
  EXPECT_EQ(GetCase(ishoej, first)->waiting().priority(), cv1::WAITING_PRIORITY_OTHER);
  ASSERT_EQ(Sign(ishoej, first), "");
  EXPECT_FALSE(GetCase(ishoej, first)->has_waiting());
  const cv1::Capacity full = Capacity(ishoej);
  EXPECT_EQ(full.places(), 1U);
  EXPECT_EQ(full.enrolled(), 1U);
  EXPECT_EQ(full.waiting(), 0U);
  EXPECT_TRUE(full.full());
  const std::string gang = Opened(ishoej, cv1::PROGRAMME_NATIONAL_FRAMEWORK, "0101900007");
  EXPECT_EQ(Capacity(ishoej).waiting_from_gangs(), 1U);
  EXPECT_EQ(GetCase(ishoej, gang)->waiting().priority(), cv1::WAITING_PRIORITY_GANG);
  EXPECT_EQ(Visit(ishoej, gang), "") << "it is full, and nobody is refused";
}

}  // namespace
}  // namespace exitbus::simulation
