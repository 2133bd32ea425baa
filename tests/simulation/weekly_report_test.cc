// The weekly report across the authorities (FUP-08, TIM-01): who is asked for it, who gives it, who
// reads it, who misses it, and where it ends.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "exitbus/casework/v1/programme_service.pb.h"
#include "exitbus/police/v1/weekly_report_service.pb.h"
#include "services/weekly_report/weeks.h"
#include "tests/simulation/programme_world.h"

namespace exitbus::simulation {
namespace {

namespace cv1 = casework::v1;
namespace plv1 = police::v1;
using testing::ElementsAre;
using testing::IsEmpty;

constexpr char kReports[] = "exitbus.police.v1.WeeklyReportService.";

class WeeklyReportTest : public testing::Test, protected ProgrammeWorld {
 protected:
  // In a programme that opens the police, assessed and enrolled.
  std::string Followed(cv1::Programme programme = cv1::PROGRAMME_NATIONAL_FRAMEWORK) {
    std::string id = Opened(ishoej, programme);
    EXPECT_EQ(Visit(ishoej, id), "");
    EXPECT_TRUE(AskPolice(world, ishoej, id).ok());
    EXPECT_TRUE(world.Settle());
    EXPECT_TRUE(Assess(world, vestegnen).ok());
    EXPECT_TRUE(world.Settle());
    EXPECT_EQ(Sign(ishoej, id), "");
    return id;
  }
  cv1::Week ThisWeek() { return weekly_report::WeekOf(Now()); }
  // Until eight on the Monday after it.
  void PassWeek() {
    world.Skip(weekly_report::EndOf(ThisWeek()) + absl::Hours(8) - Now());
    EXPECT_TRUE(world.Settle());
  }
  template <class Response, class Request>
  std::string AtUnit(Node& unit, const std::string& method, Request request) {
    request.set_request_id(world.RequestId());
    request.set_security_id(OnlyFile(unit)->security_id());
    const auto answer = unit.Call<Response>(kReports + method, request);
    EXPECT_TRUE(world.Settle());
    return answer.ok() ? "" : RuleOf(answer.status());
  }
  std::string Report(Node& unit, const cv1::Week& week, cv1::IncidentAnswer answer) {
    plv1::DeliverWeeklyReportRequest request;
    *request.mutable_week() = week;
    request.set_answer(answer);
    return AtUnit<plv1::DeliverWeeklyReportResponse>(unit, "DeliverWeeklyReport", request);
  }
  std::string Record(Node& unit, absl::Time when) {
    plv1::RecordIncidentRequest request;
    *request.mutable_day() = exchange::ToProto(when);
    request.set_kind(plv1::INCIDENT_KIND_WEAPONS);
    return AtUnit<plv1::RecordIncidentResponse>(unit, "RecordIncident", request);
  }
  std::string Acknowledge(Node& node, const std::string& id, const cv1::Week& week) {
    cv1::AcknowledgeWeeklyReportRequest request;
    *request.mutable_week() = week;
    return Do<cv1::AcknowledgeWeeklyReportRequest, cv1::AcknowledgeWeeklyReportResponse>(
        node, id, kCourseMethods + "AcknowledgeWeeklyReport", request);
  }
  // "10 NO", "11 YES 1 read".
  std::vector<std::string> Seen(Node& node, const std::string& id) {
    const Case seen = *GetCase(node, id);
    std::vector<std::string> all;
    for (const cv1::WeeklyReport& report : seen.weekly_reports().reports()) {
      all.push_back(absl::StrCat(
          report.week().number(), " ",
          cv1::IncidentAnswer_Name(report.answer()).substr(sizeof("INCIDENT_ANSWER_") - 1),
          report.days().empty() ? "" : absl::StrCat(" ", report.days_size()),
          report.has_read() ? " read" : ""));
    }
    return all;
  }
  // What falls due at once is looked at within a second.
  bool IsAsked(Node& unit) {
    world.Pass(absl::Seconds(2));
    EXPECT_TRUE(world.Settle());
    return OnlyFile(unit)->weekly_reports().has_since();
  }
  static std::size_t Alarms(Node& node, const std::string& name) {
    return node.telemetry().LinesOf(name).size();
  }
};

TEST_F(WeeklyReportTest, IsGivenEveryWeekAlsoThatThereWasNothing) {
  const std::string id = Followed();
  const cv1::Week first = ThisWeek();
  const cv1::Week second = weekly_report::Following(first);
  EXPECT_TRUE(IsAsked(vestegnen));
  EXPECT_EQ(Report(vestegnen, first, cv1::INCIDENT_ANSWER_NO), "weekly_report.week_not_over");
  PassWeek();
  ASSERT_EQ(Report(vestegnen, first, cv1::INCIDENT_ANSWER_NO), "");
  EXPECT_THAT(Seen(ishoej, id), ElementsAre(absl::StrCat(first.number(), " NO")));
  ASSERT_EQ(Acknowledge(ishoej, id, first), "");
  EXPECT_EQ(Acknowledge(ishoej, id, second), "weekly_report.none");
  ASSERT_EQ(Record(vestegnen, Now()), "");
  PassWeek();
  EXPECT_EQ(Report(vestegnen, second, cv1::INCIDENT_ANSWER_NO), "weekly_report.not_as_recorded");
  ASSERT_EQ(Report(vestegnen, second, cv1::INCIDENT_ANSWER_YES), "");
  EXPECT_THAT(Seen(ishoej, id), ElementsAre(absl::StrCat(first.number(), " NO read"),
                                            absl::StrCat(second.number(), " YES 1")));
  // Of a week that was reported, and read.
  ASSERT_EQ(Record(vestegnen, weekly_report::BeginOf(first) + absl::Hours(150)), "");
  EXPECT_THAT(Seen(ishoej, id), ElementsAre(absl::StrCat(first.number(), " YES 1"),
                                            absl::StrCat(second.number(), " YES 1")));
  Days(2);
  EXPECT_EQ(Alarms(ishoej, "weekly_report.missing"), 0U);
  EXPECT_EQ(Alarms(vestegnen, "weekly_report.not_sent"), 0U);
  ExpectNothingRefused();
}

TEST_F(WeeklyReportTest, OneThatIsMissingIsMissedByBothSidesUntilItComes) {
  const std::string id = Followed();
  const cv1::Week first = ThisWeek();
  PassWeek();
  world.Skip(weekly_report::ToBeGivenBy(first) - Now());
  ASSERT_TRUE(world.Settle());
  EXPECT_EQ(Alarms(vestegnen, "weekly_report.not_sent"), 1U) << "the unit is reminded first";
  EXPECT_EQ(Alarms(ishoej, "weekly_report.missing"), 0U);
  EXPECT_EQ(OnlyFile(vestegnen)->weekly_reports().missing_size(), 1);
  world.Skip(weekly_report::ToBeThereBy(first) - Now());
  ASSERT_TRUE(world.Settle());
  EXPECT_EQ(Alarms(ishoej, "weekly_report.missing"), 1U);
  ASSERT_EQ(GetCase(ishoej, id)->weekly_reports().missing_size(), 1);
  EXPECT_EQ(GetCase(ishoej, id)->weekly_reports().missing(0).number(), first.number());
  Days(2);
  EXPECT_EQ(Alarms(ishoej, "weekly_report.missing"), 1U) << "once a week";
  ASSERT_EQ(Report(vestegnen, first, cv1::INCIDENT_ANSWER_UNKNOWN), "");
  EXPECT_EQ(GetCase(ishoej, id)->weekly_reports().missing_size(), 0);
  EXPECT_EQ(OnlyFile(vestegnen)->weekly_reports().missing_size(), 0);
  EXPECT_THAT(Seen(ishoej, id), ElementsAre(absl::StrCat(first.number(), " UNKNOWN")));
  ExpectNothingRefused();
}

// Over week 53, and both changes of summer time.
TEST_F(WeeklyReportTest, AYearHasEachOfItsWeeksOnce) {
  const std::string id = Followed();
  std::vector<std::string> expected;
  int last_weeks = 0;
  for (int i = 0; i < 56; ++i) {
    const cv1::Week week = ThisWeek();
    last_weeks += week.number() == 53 ? 1 : 0;
    PassWeek();
    ASSERT_EQ(Report(vestegnen, week, cv1::INCIDENT_ANSWER_NO), "") << i;
    expected.push_back(absl::StrCat(week.number(), " NO"));
  }
  EXPECT_EQ(last_weeks, 1);
  EXPECT_EQ(Seen(ishoej, id), expected);
  EXPECT_EQ(Alarms(ishoej, "weekly_report.missing"), 0U);
  EXPECT_EQ(Alarms(vestegnen, "weekly_report.not_sent"), 0U);
  ExpectNothingRefused();
}

// From that of its own district, of the weeks from the take-over on.
TEST_F(WeeklyReportTest, TheNextHolderAsksItsOwnUnit) {
  const std::string id = Followed();
  PassWeek();
  TakenOver(ishoej, id, odense);
  EXPECT_TRUE(IsAsked(fyn));
  EXPECT_FALSE(IsAsked(vestegnen));
  const cv1::Week week = ThisWeek();
  PassWeek();
  EXPECT_EQ(Report(vestegnen, week, cv1::INCIDENT_ANSWER_NO), "security.not_in_charge");
  ASSERT_EQ(Report(fyn, week, cv1::INCIDENT_ANSWER_NO), "");
  EXPECT_THAT(Seen(odense, id), ElementsAre(absl::StrCat(week.number(), " NO")));
  Days(20);
  EXPECT_THAT(Seen(ishoej, id), IsEmpty()) << "nothing newer reaches who let it go";
  EXPECT_EQ(Alarms(ishoej, "weekly_report.missing"), 0U) << "nor does it miss anything";
  EXPECT_EQ(Alarms(vestegnen, "weekly_report.not_sent"), 0U);
  EXPECT_GT(Alarms(odense, "weekly_report.missing"), 0U);
  ExpectNothingRefused();
}

TEST_F(WeeklyReportTest, WithinADistrictTheUnitReportsToTheNextHolder) {
  const std::string id = Followed();
  PassWeek();
  ASSERT_EQ(Record(vestegnen, Now()), "");
  TakenOver(ishoej, id, albertslund);
  ASSERT_TRUE(IsAsked(vestegnen));
  const cv1::Week week = ThisWeek();
  PassWeek();
  ASSERT_EQ(Report(vestegnen, week, cv1::INCIDENT_ANSWER_YES), "");
  EXPECT_THAT(Seen(albertslund, id), ElementsAre(absl::StrCat(week.number(), " YES 1")));
  EXPECT_THAT(Seen(ishoej, id), IsEmpty());
  ExpectNothingRefused();
}

// D12: it may not read them.
TEST_F(WeeklyReportTest, KriminalforsorgenAsksForNone) {
  const std::string id = Followed();
  TakenOver(ishoej, id, prison);
  EXPECT_FALSE(IsAsked(vestegnen));
  PassWeek();
  EXPECT_EQ(Record(vestegnen, Now()), "weekly_report.not_asked");
  Days(10);
  EXPECT_EQ(Alarms(prison, "weekly_report.missing"), 0U);
  ExpectNothingRefused();
}

TEST_F(WeeklyReportTest, EndsWithTheCourseAndWithAProgrammeThatHasNone) {
  const std::string id = Followed();
  ASSERT_EQ(Change(ishoej, id, cv1::PROGRAMME_MUNICIPAL_EXIT), "");
  EXPECT_FALSE(IsAsked(vestegnen)) << "it opens the police here, and no weekly reports";
  EXPECT_FALSE(GetCase(ishoej, id)->weekly_reports().has_since());
  ASSERT_EQ(Change(ishoej, id, cv1::PROGRAMME_NATIONAL_FRAMEWORK), "");
  EXPECT_TRUE(IsAsked(vestegnen));
  ASSERT_EQ(End(ishoej, id, cv1::END_CODE_LAPSED), "");
  EXPECT_FALSE(IsAsked(vestegnen));
  Days(20);
  EXPECT_EQ(Alarms(ishoej, "weekly_report.missing"), 0U);
  EXPECT_EQ(Alarms(vestegnen, "weekly_report.not_sent"), 0U);
  ExpectNothingRefused();
}

// Who is not to know that the police are in the case is not told by the weeks either.
TEST_F(WeeklyReportTest, NoUnitInsideTheMunicipalitySeesAny) {
  const std::string id = Followed();
  const cv1::Week week = ThisWeek();
  PassWeek();
  ASSERT_EQ(Report(vestegnen, week, cv1::INCIDENT_ANSWER_NO), "");
  ASSERT_TRUE(Involve(world, ishoej, id, policy::v1::FUNCTION_JOBCENTRE).ok());
  const Speaking employee(ishoej, "jobcentre", "employee-2");
  EXPECT_FALSE(GetCase(ishoej, id)->has_weekly_reports());
}

}  // namespace
}  // namespace exitbus::simulation
