#include "services/weekly_report/reports.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "services/exchange/proto_time.h"

namespace exitbus::weekly_report {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

cv1::Week Week(std::uint32_t number) {
  cv1::Week week;
  week.set_year(2026);
  week.set_number(number);
  return week;
}

cv1::WeeklyReport Of(std::uint32_t number, cv1::IncidentAnswer answer = cv1::INCIDENT_ANSWER_NO) {
  cv1::WeeklyReport report;
  *report.mutable_week() = Week(number);
  report.set_answer(answer);
  return report;
}

class ReportsTest : public testing::Test {
 protected:
  ReportsTest() { Begin(Week(10), &ToBeGivenBy, reports); }
  void PassUntil(absl::Time now) {
    Pass(PassedBy(now, &ToBeGivenBy, reports), &ToBeGivenBy, reports);
  }
  std::vector<std::uint32_t> Missing() const {
    std::vector<std::uint32_t> weeks;
    for (const cv1::Week& week : reports.missing()) weeks.push_back(week.number());
    return weeks;
  }

  cv1::WeeklyReports reports;
};

TEST_F(ReportsTest, AWeekThatPassesWithoutOneIsMissingUntilItComes) {
  EXPECT_EQ(exchange::FromProto(reports.due()), ToBeGivenBy(Week(10)));
  PassUntil(ToBeGivenBy(Week(10)));
  EXPECT_THAT(Missing(), ElementsAre(10));
  EXPECT_EQ(reports.next().number(), 11U);
  Put(Of(11), reports);
  PassUntil(ToBeGivenBy(Week(11)));
  EXPECT_THAT(Missing(), ElementsAre(10)) << "one that is there is not";
  Put(Of(10), reports);
  EXPECT_THAT(Missing(), IsEmpty());
  EXPECT_EQ(reports.reports(0).week().number(), 10U) << "they are in the calendar's order";
}

TEST_F(ReportsTest, WhoSleptLongHasThemAllAtOnceAndTheNewestOnly) {
  PassUntil(ToBeGivenBy(Week(13)) - absl::Seconds(1));
  EXPECT_THAT(Missing(), ElementsAre(10, 11, 12));
  PassUntil(ToBeGivenBy(Week(13)) + absl::Hours(24 * 7 * 80));
  EXPECT_EQ(reports.missing_size(), 60);
  EXPECT_EQ(reports.missing(59).year(), 2027U);
}

TEST_F(ReportsTest, WhatIsReportedAnewReplacesWhatWas) {
  Put(Of(10), reports);
  Put(Of(10, cv1::INCIDENT_ANSWER_YES), reports);
  ASSERT_EQ(reports.reports_size(), 1);
  EXPECT_EQ(Find(reports, Week(10))->answer(), cv1::INCIDENT_ANSWER_YES);
  EXPECT_EQ(Find(reports, Week(11)), nullptr);
}

TEST_F(ReportsTest, WhatHasEndedLeavesWhatWasReported) {
  Put(Of(10), reports);
  PassUntil(ToBeGivenBy(Week(11)));
  End(reports);
  EXPECT_FALSE(IsAsked(reports));
  EXPECT_THAT(Missing(), IsEmpty());
  EXPECT_EQ(reports.reports_size(), 1);
}

}  // namespace
}  // namespace exitbus::weekly_report
