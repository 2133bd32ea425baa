// The decision table of weekly reports at a police unit, cell by cell: weekly_report.table; what is
// in them, and when the unit is reminded.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "exitbus/police/v1/weekly_report_messages.pb.h"
#include "services/exchange/deciding_testing.h"
#include "services/exchange/proto_time.h"
#include "services/police/parts.h"
#include "services/police/security_file.h"
#include "services/police/security_files.h"
#include "services/weekly_report/weeks.h"
#include "tests/tables/inputs.h"
#include "tests/tables/matrix.h"

namespace exitbus::police {
namespace {

namespace cv1 = casework::v1;
namespace pv1 = policy::v1;
using exchange::Of;
using testing::ElementsAre;
using testing::IsEmpty;

constexpr char kSince[] = "since { year: 2026 number: 8 } next { year: 2026 number: 9 }";
// Midnight before the Tuesday of week 9, Danish time.
constexpr int kTuesdaysMidnight = 1771887600;

jv1::SecurityFile File(const std::string& given) {
  auto file = Of<jv1::SecurityFile>(R"(
      security_id: "the-file" standing: POLICE_STANDING_IN_CHARGE holder: "municipality-0183"
      requested { holder: "municipality-0183" } person { name: "Canary Name" }
      stage: CASE_STAGE_ENROLLED)");
  if (given == "UNASKED") return file;
  file.mutable_weekly_reports()->MergeFrom(Of<cv1::WeeklyReports>(kSince));
  if (given.starts_with("SEEN")) {
    file.MergeFrom(Of<jv1::SecurityFile>(
        absl::StrCat(R"(incidents { incident_id: "the-incident" kind: INCIDENT_KIND_WEAPONS
                                    day { seconds: )",
                     kTuesdaysMidnight, " } }")));
  }
  if (given.ends_with("REPORTED")) {
    const bool seen = given.starts_with("SEEN");
    file.MergeFrom(Of<jv1::SecurityFile>(absl::StrCat(
        "weekly_reports { reports { week { year: 2026 number: 9 } answer: INCIDENT_ANSWER_",
        seen ? absl::StrCat("YES days { seconds: ", kTuesdaysMidnight, " }") : "NO", " } }")));
  }
  if (given == "REVOKED") file.clear_person();
  if (given == "OVER") {
    file.set_stage(cv1::CASE_STAGE_ENDED);
    file.clear_weekly_reports();
  }
  if (given == "FORMER") file.set_standing(v1::POLICE_STANDING_FORMER);
  return file;
}

std::string StageOf(const google::protobuf::Message& state) {
  const auto& file = static_cast<const jv1::SecurityFile&>(state);
  return file.weekly_reports().has_since() ? "ASKED" : "UNASKED";
}

tables::Inputs Inputs() {
  const auto from = [](const std::string& sender, const std::string& subject) {
    return exchange::LetterPlace{sender, pv1::CHANNEL_CASE, subject, 2,
                                 pv1::AUTHORITY_KIND_MUNICIPALITY};
  };
  tables::Inputs inputs(SecurityFiles(), from("municipality-0183", "the-file"));
  inputs.Message("<WeeklyReportsAsked", "since { year: 2026 number: 8 }")
      .Message("<WeeklyReportsAsked, from now on", "since { year: 2026 number: 10 }")
      .Message("<WeeklyReportsAsked, no more", "")
      .Message("<WeeklyReportsAsked, from next year on", "since { year: 2027 number: 1 }")
      .Message("<WeeklyReportsAsked, from years ago on", "since { year: 1 number: 1 }")
      .Message("<WeeklyReportsAsked, from no week on", "since { year: 2025 number: 53 }")
      .MessageFrom(from("municipality-0751", "the-file"), "<WeeklyReportsAsked, by a stranger",
                   "since { year: 2026 number: 8 }")
      .MessageFrom(from("municipality-0183", "the-handover"),
                   "<WeeklyReportsAsked, under another id", "since { year: 2026 number: 8 }")
      .FromTable("services/police/weekly_report.table");
  return inputs;
}

const exchange::Deciding& Vestegnen() {
  static const auto* const unit =
      new exchange::Deciding(exchange::kVestegnen, {exchange::kIshoej, exchange::kOdense});
  return *unit;
}

exchange::Decision Decided(const std::string& given, const std::string& input) {
  return Inputs().Decide(input, File(given), Vestegnen().DecisionContextFor());
}

// What the municipality is told: the answer, and the days in seconds.
std::string Told(const std::string& given, const std::string& input) {
  const exchange::Decision decision = Decided(given, input);
  const auto* const told = exchange::Told(decision, "municipality-0183", "WeeklyPoliceReport");
  if (told == nullptr) return "";
  const auto& report = static_cast<const v1::WeeklyPoliceReport&>(*told).report();
  std::string said =
      cv1::IncidentAnswer_Name(report.answer()).substr(sizeof("INCIDENT_ANSWER_") - 1);
  for (const auto& day : report.days()) absl::StrAppend(&said, " ", day.seconds());
  return said;
}

TEST(WeeklyReportTableTest, EachCellIsAsTheTableSays) {
  const tables::Inputs inputs = Inputs();
  const auto then = [&](const std::string&, const std::string& given, const std::string& input) {
    const jv1::SecurityFile file = File(given);
    return tables::Said(inputs.Decide(input, file, Vestegnen().DecisionContextFor()),
                        inputs.aggregate(), file, &StageOf);
  };
  const std::vector<std::string> given = {"UNASKED",       "ASKED",   "SEEN", "REPORTED",
                                          "SEEN_REPORTED", "REVOKED", "OVER", "FORMER"};
  const std::string mistakes = tables::MistakesIn("services/police/weekly_report.table",
                                                  {{{"police unit", given}}, inputs.Names(), then});
  EXPECT_TRUE(mistakes.empty()) << mistakes;
}

TEST(WeeklyReportContentTest, ItTellsTheDaysAndNeverWhatKindItWas) {
  EXPECT_EQ(Told("ASKED", "DeliverWeeklyReport, nothing"), "NO");
  EXPECT_EQ(Told("REVOKED", "DeliverWeeklyReport, that it is unknown"), "UNKNOWN");
  EXPECT_EQ(Told("SEEN", "DeliverWeeklyReport, that there was"),
            absl::StrCat("YES ", kTuesdaysMidnight));
  const int fridays_midnight = kTuesdaysMidnight + 3 * 24 * 60 * 60;
  EXPECT_EQ(Told("SEEN_REPORTED", "RecordIncident, in week 9"),
            absl::StrCat("YES ", kTuesdaysMidnight, " ", fridays_midnight));
  EXPECT_EQ(Told("REPORTED", "RecordIncident, once more on the day"),
            absl::StrCat("YES ", kTuesdaysMidnight))
      << "a day, whatever the time was";
  EXPECT_EQ(Told("SEEN_REPORTED", "WithdrawIncident"), "NO");
}

TEST(WeeklyReportContentTest, AFileHoldsSoManyIncidents) {
  jv1::SecurityFile file = File("ASKED");
  const auto record = [&] {
    return OutcomeOf(
        Inputs().Decide("RecordIncident, in week 9", file, Vestegnen().DecisionContextFor()));
  };
  while (file.incidents_size() < 199) file.add_incidents();
  EXPECT_EQ(record(), "");
  file.add_incidents();
  EXPECT_EQ(record(), "refused weekly_report.too_many_incidents");
}

class WeeklyReportReminderTest : public testing::Test {
 protected:
  WeeklyReportReminderTest() {
    *file.mutable_weekly_reports()->mutable_due() =
        exchange::ToProto(weekly_report::ToBeGivenBy(file.weekly_reports().next()));
  }
  std::vector<std::string> Alarms() {
    const auto deadlines = files.deadlines(file);
    std::vector<std::string> alarms;
    for (const exchange::Deadline& deadline : deadlines) {
      if (deadline.due > now) continue;
      exchange::DecisionContext context = Vestegnen().DecisionContextFor();
      context.now = now;
      const exchange::Decision decision = files.decide_deadline(file, deadline.name, context);
      for (const auto& [severity, name] : decision.reports()) alarms.push_back(name);
      if (!decision.events().empty()) file = *After(file, decision);
    }
    return alarms;
  }

  const exchange::Aggregate files = SecurityFiles();
  jv1::SecurityFile file = File("ASKED");
  absl::Time now = exchange::Deciding::Now();  // ten o'clock of Monday
};

TEST_F(WeeklyReportReminderTest, TheUnitIsRemindedOnMondayAtNoon) {
  EXPECT_THAT(Alarms(), IsEmpty());
  now += absl::Hours(2);
  EXPECT_THAT(Alarms(), ElementsAre("weekly_report.not_sent"));
  ASSERT_EQ(file.weekly_reports().missing_size(), 1);
  EXPECT_EQ(file.weekly_reports().missing(0).number(), 9U);
  EXPECT_THAT(Alarms(), IsEmpty()) << "once";
}

TEST_F(WeeklyReportReminderTest, NotOfWhatWasSentNorOfACaseThatHasLeft) {
  *file.mutable_weekly_reports() = [&] {
    cv1::WeeklyReports reports = file.weekly_reports();
    reports.MergeFrom(File("REPORTED").weekly_reports());
    return reports;
  }();
  now += absl::Hours(2);
  EXPECT_THAT(Alarms(), IsEmpty());
  EXPECT_EQ(file.weekly_reports().next().number(), 10U);
}

// A course that is over, a case that has moved.
TEST_F(WeeklyReportReminderTest, NothingIsAskedForOfACourseThatIsOver) {
  file = *After(file, exchange::Decision().AddEvent(
                          Of<jv1::SecurityEvent>("stage_learnt { stage: CASE_STAGE_ACTIVE }")));
  EXPECT_TRUE(file.weekly_reports().has_since());
  const jv1::SecurityFile followed = file;
  file = *After(file, exchange::Decision().AddEvent(
                          Of<jv1::SecurityEvent>("stage_learnt { stage: CASE_STAGE_WITHDRAWN }")));
  EXPECT_FALSE(file.weekly_reports().has_since());
  file = *After(followed, exchange::Decision().AddEvent(Of<jv1::SecurityEvent>(
                              R"(case_moved { holder: "municipality-0461" })")));
  EXPECT_FALSE(file.weekly_reports().has_since()) << "the next holder asks itself";
}

}  // namespace
}  // namespace exitbus::police
