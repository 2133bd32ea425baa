// When weekly reports are asked for, and missed: what comes and is read is in weekly_report.table.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "exitbus/exchange/v1/body.pb.h"
#include "exitbus/police/v1/weekly_report_messages.pb.h"
#include "services/casework/case_files.h"
#include "services/casework/case_given_testing.h"
#include "services/casework/parts.h"
#include "services/exchange/deciding_testing.h"
#include "services/exchange/proto_time.h"
#include "services/weekly_report/weeks.h"

namespace exitbus::casework {
namespace {

namespace cv1 = casework::v1;
namespace jv1 = casework_journal::v1;
namespace pv1 = policy::v1;
using exchange::Deciding;
using exchange::Of;
using testing::IsEmpty;

const exchange::DirectoryEntry kPrison{
    "kriminalforsorgen-01", pv1::AUTHORITY_KIND_KRIMINALFORSORGEN, "", "01", "", "", "1469"};

// An authority that has this case, and what falls due of weekly reports there.
class WeeklyReportTest : public testing::Test {
 protected:
  // What came of it: "" where nothing falls due by now.
  std::string FallDue() {
    outcome.clear();
    told.Clear();
    is_told = false;
    alarms.clear();
    for (const exchange::Deadline& deadline : files_.deadlines(file)) {
      if (!deadline.name.starts_with("weekly_report.") || deadline.due > now) continue;
      Decide(deadline.name);
    }
    return outcome;
  }
  absl::Time Due() const { return exchange::FromProto(file.weekly_reports().due()); }

  jv1::CaseFile file = GivenCase("NATIONAL_FRAMEWORK");
  absl::Time now = Deciding::Now();  // the Monday of week 10
  exchange::DirectoryEntry self = exchange::kIshoej;
  std::string outcome;
  bool is_told = false;
  police::v1::WeeklyReportsAsked told;
  std::vector<std::string> alarms;

 private:
  void Decide(const std::string& deadline) {
    const Deciding at(self);
    exchange::DecisionContext context = at.DecisionContextFor();
    context.now = now;
    const exchange::Decision decision = files_.decide_deadline(file, deadline, context);
    outcome = decision.no_effect().empty() ? deadline : decision.no_effect();
    if (const auto* const letter = exchange::Told(decision, "police-1469", "WeeklyReportsAsked")) {
      told.CopyFrom(*letter);
      is_told = true;
    }
    for (const auto& [severity, name] : decision.reports()) alarms.push_back(name);
    if (!decision.events().empty()) file = *After(file, decision);
  }

  const exchange::Aggregate files_ = CaseFiles();
};

TEST_F(WeeklyReportTest, IsAskedForFromTheWeekOnInWhichSomebodyIsEnrolled) {
  EXPECT_EQ(FallDue(), "weekly_report.to_be_asked/");
  EXPECT_EQ(told.since().year(), 2026U);
  EXPECT_EQ(told.since().number(), 10U);
  EXPECT_EQ(Due(), weekly_report::ToBeThereBy(told.since()));
  EXPECT_EQ(FallDue(), "") << "once";
}

TEST_F(WeeklyReportTest, IsOfWhoIsEnrolledWithThePoliceInTheCase) {
  for (const std::string given :
       {"VISITED", "ENROLLED", "ENDED", "WITHDRAWN", "FORMER", "RECEIVING"}) {
    file = GivenCase(given);
    EXPECT_EQ(FallDue(), "") << given;
  }
  for (const std::string given : {"WITH_POLICE", "ACTIVE", "PAUSED"}) {
    file = GivenCase(given);
    EXPECT_EQ(FallDue(), "weekly_report.to_be_asked/") << given;
    EXPECT_TRUE(told.has_since()) << given;
  }
}

// CF-4: which programmes open it.
TEST_F(WeeklyReportTest, IsOfProgrammesThatOpenIt) {
  for (const std::string given : {"EXIT_WITH_NEC", "EXIT_ALONE", "GOD_LOESLADELSE",
                                  "PLAN_FOR_FRIHED", "RESOCIALISING_EFFORT"}) {
    file = GivenCase(given);
    EXPECT_EQ(FallDue(), "") << given;
  }
  file = GivenCase("EXIT_ALONE");
  file.add_opens(cv1::PROGRAMME_OPENING_WEEKLY_REPORT);
  EXPECT_EQ(FallDue(), "") << "nor without the police";
  file.add_opens(cv1::PROGRAMME_OPENING_POLICE);
  EXPECT_EQ(FallDue(), "weekly_report.to_be_asked/") << "a municipality's own, as configured";
}

TEST_F(WeeklyReportTest, IsNotForKriminalforsorgenWhichMayNotReadIt) {
  self = kPrison;
  EXPECT_EQ(FallDue(), "weekly_reports_are_for_municipalities");
  EXPECT_FALSE(is_told);
}

TEST_F(WeeklyReportTest, TheUnitHearsThatItIsAskedForNoMore) {
  ASSERT_NE(FallDue(), "");
  file.set_programme(cv1::PROGRAMME_MUNICIPAL_EXIT);
  file.add_opens(cv1::PROGRAMME_OPENING_POLICE);
  EXPECT_EQ(FallDue(), "weekly_report.to_be_asked/");
  EXPECT_TRUE(is_told);
  EXPECT_FALSE(told.has_since());
  EXPECT_FALSE(file.weekly_reports().has_next());
  EXPECT_EQ(FallDue(), "");
}

// It hears otherwise that the course is over, that it is told nothing any more, that the case has
// moved.
TEST_F(WeeklyReportTest, WhatHasEndedOtherwiseEndsItHereAlone) {
  ASSERT_NE(FallDue(), "");
  const jv1::CaseFile followed = file;
  const auto ends = [&] {
    EXPECT_EQ(FallDue(), "weekly_report.to_be_asked/");
    EXPECT_FALSE(is_told);
    EXPECT_FALSE(file.weekly_reports().has_since());
    file = followed;
  };
  file.set_stage(cv1::CASE_STAGE_ENDED);
  ends();
  file.set_programme(cv1::PROGRAMME_PLAN_FOR_FRIHED);
  ends();
  file.set_standing(cv1::STANDING_FORMER);
  ends();
}

// What it was told before may be lost.
TEST_F(WeeklyReportTest, AUnitThatIsAskedForAnAssessmentAnewIsAskedForThisToo) {
  ASSERT_NE(FallDue(), "");
  now += absl::Hours(24 * 14);
  file = *After(file,
                exchange::Decision().AddEvent(Of<jv1::CaseEvent>(
                    R"(police_involved { police: "police-1469" security_id: "the-security" })")));
  EXPECT_EQ(FallDue(), "weekly_report.to_be_asked/");
  EXPECT_EQ(told.since().number(), 12U);
}

TEST_F(WeeklyReportTest, OneThatIsNotThereInTimeIsMissedOnce) {
  ASSERT_NE(FallDue(), "");
  now = Due() - absl::Seconds(1);
  EXPECT_EQ(FallDue(), "");
  now = Due();
  EXPECT_EQ(FallDue(), "weekly_report.missing/");
  EXPECT_THAT(alarms, testing::ElementsAre("weekly_report.missing"));
  ASSERT_EQ(file.weekly_reports().missing_size(), 1);
  EXPECT_EQ(file.weekly_reports().missing(0).number(), 10U);
  EXPECT_EQ(FallDue(), "");
  file = *After(file, exchange::Decision().AddEvent(Of<jv1::CaseEvent>(
                          "weekly_report_learnt { report { week { year: 2026 number: 11 } } }")));
  now = Due();
  EXPECT_EQ(FallDue(), "weekly_report.missing/") << "its time is looked at";
  EXPECT_THAT(alarms, IsEmpty()) << "but it is there";
}

// Nor does that one report under its id of another case.
TEST_F(WeeklyReportTest, NoOtherUnitReports) {
  const auto reported = [](const std::string& unit, const std::string& subject) {
    const exchange::LetterPlace place{unit, pv1::CHANNEL_CASE, subject, 1,
                                      pv1::AUTHORITY_KIND_POLICE};
    return OutcomeOf(CaseFiles().decide_letter(
        GivenCase("FOLLOWED"), place,
        Of<exchange::v1::Body>("weekly_police_report { report { week { year: 2026 number: 9 } "
                               "answer: INCIDENT_ANSWER_NO } }"),
        Deciding(exchange::kIshoej).DecisionContextFor()));
  };
  EXPECT_EQ(reported("police-1469", "the-security"), "");
  EXPECT_EQ(reported("police-1465", "the-security"), "refused letter.not_the_police_unit");
  EXPECT_EQ(reported("police-1469", "another"), "refused letter.not_the_police_unit");
}

TEST_F(WeeklyReportTest, WhatIsReportedAnewIsUnreadAgain) {
  file = GivenCase("READ_REPORT");
  EXPECT_TRUE(file.weekly_reports().reports(0).has_read());
  file = *After(file, exchange::Decision().AddEvent(Of<jv1::CaseEvent>(
                          "weekly_report_learnt { report { week { year: 2026 number: 8 } } }")));
  EXPECT_FALSE(file.weekly_reports().reports(0).has_read());
}

}  // namespace
}  // namespace exitbus::casework
