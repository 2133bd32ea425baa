// What the police units do, as their files say: assess whom they are asked about, and report of
// each week that is over, also that there was nothing.
#include <gtest/gtest.h>

#include "exitbus/police/v1/weekly_report_service.pb.h"
#include "services/exchange/proto_time.h"
#include "services/weekly_report/reports.h"
#include "services/weekly_report/weeks.h"
#include "tests/simulation/year.h"

namespace exitbus::simulation {
namespace {

namespace cv1 = casework::v1;
namespace plv1 = police::v1;

const std::string kReports = "exitbus.police.v1.WeeklyReportService.";
constexpr absl::Duration kDays = absl::Hours(24);

}  // namespace

void Year::ActAsPolice() {
  for (const auto& [district, unit] : all_.units()) {
    plv1::ListSecurityFilesRequest list;
    list.set_page_size(200);
    do {
      const auto files = unit->Call<plv1::ListSecurityFilesResponse>(
          "exitbus.police.v1.SecurityService.ListSecurityFiles", list);
      ASSERT_TRUE(files.ok()) << files.status();
      for (const auto& file : files->files()) ActOnFile(*unit, file);
      list.set_page_token(files->next_page_token());
    } while (!list.page_token().empty());
  }
}

void Year::ActOnFile(Node& unit, const plv1::SecurityFile& file) {
  if (file.standing() != plv1::POLICE_STANDING_IN_CHARGE) return;
  if (file.has_assessment_asked() && file.end() == cv1::END_CODE_UNSPECIFIED) {
    const auto assessed = unit.Call<plv1::DeliverAssessmentResponse>(
        kDeliverAssessment, AssessmentOf(world, file.security_id(), {"precautions"}));
    EXPECT_TRUE(assessed.ok()) << assessed.status();
    Note("DeliverAssessment", unit.id());
  }
  if (file.weekly_reports().has_since()) Report(unit, file);
}

void Year::Report(Node& unit, const plv1::SecurityFile& file) {
  const cv1::Week week = weekly_report::WeekOf(Now() - 7 * kDays);
  if (weekly_report::IsBefore(week, file.weekly_reports().since()) ||
      weekly_report::Find(file.weekly_reports(), week) != nullptr) {
    return;
  }
  const bool was_met = Chance(kIsMetInCrime);
  if (was_met) {
    plv1::RecordIncidentRequest incident;
    incident.set_request_id(world.RequestId());
    incident.set_security_id(file.security_id());
    incident.set_kind(plv1::INCIDENT_KIND_WEAPONS);
    *incident.mutable_day() = exchange::ToProto(Now() - 3 * kDays);
    const auto recorded =
        unit.Call<plv1::RecordIncidentResponse>(kReports + "RecordIncident", incident);
    EXPECT_TRUE(recorded.ok()) << recorded.status();
    Note("RecordIncident", unit.id());
  }
  plv1::DeliverWeeklyReportRequest report;
  report.set_request_id(world.RequestId());
  report.set_security_id(file.security_id());
  *report.mutable_week() = week;
  report.set_answer(was_met ? cv1::INCIDENT_ANSWER_YES : cv1::INCIDENT_ANSWER_NO);
  const auto reported =
      unit.Call<plv1::DeliverWeeklyReportResponse>(kReports + "DeliverWeeklyReport", report);
  EXPECT_TRUE(reported.ok()) << reported.status();
  Note("DeliverWeeklyReport", unit.id());
}

}  // namespace exitbus::simulation
