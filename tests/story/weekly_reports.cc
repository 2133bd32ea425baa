#include "tests/story/weekly_reports.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "exitbus/casework/v1/programme_service.pb.h"
#include "exitbus/police/v1/weekly_report_service.pb.h"
#include "services/weekly_report/reports.h"
#include "tests/story/calls.h"
#include "tests/story/checks.h"

namespace exitbus::story {

absl::Status WeeksAreReported(Narrator& say, Actor& police, const std::string& security_id,
                              Actor& holder, const std::string& case_id) {
  const auto file = police.AwaitSecurityFile(
      security_id, absl::Now(), "a week is over and not reported",
      [](const plv1::SecurityFile& seen) { return seen.weekly_reports().missing_size() > 0; });
  RETURN_IF_ERROR(file.status());
  const auto& missing = file->view.weekly_reports().missing();
  const cv1::Week last = missing[missing.size() - 1];
  for (const cv1::Week& week : missing) {
    plv1::DeliverWeeklyReportRequest request;
    request.set_security_id(security_id);
    *request.mutable_week() = week;
    request.set_answer(cv1::INCIDENT_ANSWER_NO);
    RETURN_IF_ERROR(
        police
            .Change<plv1::SecurityFile>("exitbus.police.v1.WeeklyReportService.DeliverWeeklyReport",
                                        std::move(request))
            .status());
  }
  say.Did(Nick(&police), absl::StrCat("reports ", missing.size(), " weeks: nothing, each time"),
          police.took());
  const auto told = holder.AwaitCase(
      case_id, police.sent(), "the last report is there", [&](const cv1::Case& seen) {
        return weekly_report::Find(seen.weekly_reports(), last) != nullptr;
      });
  RETURN_IF_ERROR(told.status());
  say.Hop(Nick(&police), Nick(&holder), "WeeklyPoliceReport, one a week", told->took);
  cv1::AcknowledgeWeeklyReportRequest read;
  read.set_case_id(case_id);
  *read.mutable_week() = last;
  RETURN_IF_ERROR(
      holder
          .Change<cv1::Case>("exitbus.casework.v1.ProgrammeService.AcknowledgeWeeklyReport",
                             std::move(read))
          .status());
  say.Did(Nick(&holder), "has read it", holder.took());
  return absl::OkStatus();
}

}  // namespace exitbus::story
