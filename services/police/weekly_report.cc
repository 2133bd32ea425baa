// In what the person was met, and what the authority in charge is told of it once a week, also that
// there was nothing (FUP-08, TIM-01): by a person, who is reminded.
#include <algorithm>
#include <optional>

#include "exitbus/police/v1/weekly_report_messages.pb.h"
#include "exitbus/police/v1/weekly_report_service.pb.h"
#include "exitbus/policy/v1/policy.pb.h"
#include "services/exchange/proto_time.h"
#include "services/exchange/repeated.h"
#include "services/exchange/working_days.h"
#include "services/police/consent_and_corrections.h"
#include "services/police/parts.h"
#include "services/police/programme.h"
#include "services/police/security_decider.h"
#include "services/police/security_file.h"
#include "services/police/telling.h"
#include "services/weekly_report/reports.h"

namespace exitbus::police {
namespace {

namespace cv1 = casework::v1;
using exchange::BadInput;
using exchange::Decision;
using exchange::DecisionContext;
using exchange::FromProto;
using exchange::ToProto;
using weekly_report::IsAsked;
using weekly_report::WeekOf;

constexpr weekly_report::DueBy kDueBy = &weekly_report::ToBeGivenBy;
// One who asks for more weeks at once has slept, or means harm.
constexpr absl::Duration kAskedBackMax = absl::Hours(60 * 7 * 24);
constexpr int kIncidentsMax = 200;

std::optional<Decision> RefuseReporting(const jv1::SecurityFile& file) {
  if (file.standing() != v1::POLICE_STANDING_IN_CHARGE) return NotInCharge();
  if (IsAsked(file.weekly_reports())) return std::nullopt;
  return Decision::Refuse("weekly_report.not_asked",
                          "Nobody asks for weekly reports on this case, so nothing is recorded for "
                          "them: its course is over or not begun, or its programme has none.");
}

Decision NobodyNamed() {
  return Decision::Refuse(
      "security.nobody_named",
      "This unit is not told whom the file is about. Report that it is unknown, "
      "until the authority in charge names the person anew.");
}

// Each once, in order.
std::vector<absl::Time> DaysIn(const jv1::SecurityFile& file, const cv1::Week& week) {
  std::vector<absl::Time> days;
  for (const v1::Incident& incident : file.incidents()) {
    const absl::Time day = FromProto(incident.day());
    const bool is_new = days.empty() || days.back() != day;
    if (is_new && weekly_report::IsSame(WeekOf(day), week)) days.push_back(day);
  }
  return days;
}

cv1::WeeklyReport ReportOf(const jv1::SecurityFile& file, const cv1::Week& week,
                           cv1::IncidentAnswer answer) {
  cv1::WeeklyReport report;
  *report.mutable_week() = week;
  report.set_answer(answer);
  for (const absl::Time day : DaysIn(file, week)) *report.add_days() = ToProto(day);
  return report;
}

void Report(const jv1::SecurityFile& file, const cv1::WeeklyReport& report,
            const DecisionContext& context, Decision& decision) {
  jv1::SecurityEvent event;
  *event.mutable_week_reported()->mutable_report() = report;
  v1::WeeklyPoliceReport message;
  *message.mutable_report() = report;
  decision.AddEvent(event).Notify(policy::v1::RELATION_POLICE, HolderOf(file, context), message);
}

// What was recorded of a week that has been reported is reported by itself.
Decision Recorded(const jv1::SecurityFile& file, const jv1::SecurityEvent& event, absl::Time day,
                  const DecisionContext& context) {
  Decision decision;
  decision.AddEvent(event);
  const cv1::Week week = WeekOf(day);
  const auto* const before = weekly_report::Find(file.weekly_reports(), week);
  if (before == nullptr || weekly_report::IsBefore(week, file.weekly_reports().since())) {
    return decision;
  }
  const auto after = After(file, decision);
  const bool any = !DaysIn(*after, week).empty();
  const auto anew =
      ReportOf(*after, week, any ? cv1::INCIDENT_ANSWER_YES : cv1::INCIDENT_ANSWER_NO);
  if (anew.days_size() != before->days_size()) Report(*after, anew, context, decision);
  return decision;
}

Decision RecordIncident(const jv1::SecurityFile& file, const v1::RecordIncidentRequest& request,
                        const DecisionContext& context) {
  if (auto refused = RefuseReporting(file)) return *std::move(refused);
  if (NamingIn(file) != v1::NAMING_NAMED) return NobodyNamed();
  const absl::Time day = FromProto(request.day());
  if (!request.has_day() || day > context.now ||
      weekly_report::IsBefore(WeekOf(day), file.weekly_reports().since())) {
    return Decision::Refuse(
        BadInput("weekly_report.incident_when",
                 "Say on which day: not in the future, nor before the first week reported on."));
  }
  if (request.kind() == v1::INCIDENT_KIND_UNSPECIFIED) {
    return Decision::Refuse(
        BadInput("weekly_report.incident_kind_required", "Say what kind of incident it was."));
  }
  if (file.incidents_size() >= kIncidentsMax) {
    return Decision::Refuse("weekly_report.too_many_incidents",
                            "The file holds no more of them. Withdraw what is not needed.",
                            absl::StatusCode::kResourceExhausted);
  }
  jv1::SecurityEvent event;
  v1::Incident& incident = *event.mutable_incident_recorded()->mutable_incident();
  incident.set_incident_id(context.lookup->FreshId());
  *incident.mutable_day() = ToProto(exchange::StartOfDay(day));
  incident.set_kind(request.kind());
  return Recorded(file, event, day, context);
}

Decision WithdrawIncident(const jv1::SecurityFile& file, const v1::WithdrawIncidentRequest& request,
                          const DecisionContext& context) {
  if (auto refused = RefuseReporting(file)) return *std::move(refused);
  const auto* const incident = exchange::FindIn(file.incidents(), [&](const v1::Incident& one) {
    return one.incident_id() == request.incident_id();
  });
  if (incident == nullptr) {
    return Decision::Refuse("weekly_report.incident_unknown",
                            "The file has no incident under this id.");
  }
  jv1::SecurityEvent event;
  event.mutable_incident_withdrawn()->set_incident_id(request.incident_id());
  return Recorded(file, event, FromProto(incident->day()), context);
}

std::optional<Decision> RefuseWeek(const jv1::SecurityFile& file, const cv1::Week& week,
                                   const DecisionContext& context) {
  if (!weekly_report::Exists(week) ||
      weekly_report::IsBefore(week, file.weekly_reports().since())) {
    return Decision::Refuse(
        BadInput("weekly_report.no_such_week",
                 "Name a week of the calendar, none before the first that is reported on."));
  }
  if (weekly_report::EndOf(week) <= context.now) return std::nullopt;
  return Decision::Refuse("weekly_report.week_not_over", "A week is reported once it is over.");
}

Decision DeliverWeeklyReport(const jv1::SecurityFile& file,
                             const v1::DeliverWeeklyReportRequest& request,
                             const DecisionContext& context) {
  if (auto refused = RefuseReporting(file)) return *std::move(refused);
  if (auto refused = RefuseWeek(file, request.week(), context)) return *std::move(refused);
  const cv1::IncidentAnswer answer = request.answer();
  if (answer == cv1::INCIDENT_ANSWER_UNSPECIFIED) {
    return Decision::Refuse(
        BadInput("weekly_report.answer_required", "Say yes, no, or that it is unknown."));
  }
  const cv1::WeeklyReport report = ReportOf(file, request.week(), answer);
  if ((answer == cv1::INCIDENT_ANSWER_YES) == report.days().empty()) {
    return Decision::Refuse(BadInput("weekly_report.not_as_recorded",
                                     "Yes is said of what is recorded, and nothing else is. Record "
                                     "the incident, or withdraw it, first."));
  }
  if (NamingIn(file) != v1::NAMING_NAMED && answer == cv1::INCIDENT_ANSWER_NO) return NobodyNamed();
  const auto* const before = weekly_report::Find(file.weekly_reports(), request.week());
  if (before != nullptr && before->answer() == answer) {
    return Decision::Refuse("weekly_report.reported_so", "The week has been reported so.");
  }
  Decision decision;
  Report(file, report, context, decision);
  return decision;
}

bool CanBeAskedSince(const cv1::Week& since, const DecisionContext& context) {
  return weekly_report::Exists(since) &&
         !weekly_report::IsBefore(weekly_report::Following(WeekOf(context.now)), since) &&
         weekly_report::EndOf(since) > context.now - kAskedBackMax;
}

Decision OnAsked(const SecurityLetter& letter, const v1::WeeklyReportsAsked& message) {
  if (auto instead = NotOfCaseInCharge(letter)) return *std::move(instead);
  const jv1::SecurityFile& file = letter.state;
  if (message.has_since() && !CanBeAskedSince(message.since(), letter.context)) {
    return Decision::Refuse("weekly_report.of_no_such_week",
                            "Ask for weekly reports from the week on that is running.");
  }
  if (IsOver(file.stage())) return Decision::NoEffect("weekly_reports_crossed_end");
  if (message.has_since() == IsAsked(file.weekly_reports()) &&
      weekly_report::IsSame(message.since(), file.weekly_reports().since())) {
    return Decision::NoEffect("weekly_reports_asked_so");
  }
  jv1::SecurityEvent event;
  jv1::WeeklyReportsAsked& asked = *event.mutable_weekly_reports_asked();
  if (message.has_since()) *asked.mutable_since() = message.since();
  return Decision().AddEvent(event);
}

void NoteAsked(jv1::SecurityFile& file, const jv1::WeeklyReportsAsked& asked) {
  if (!asked.has_since()) return weekly_report::End(*file.mutable_weekly_reports());
  weekly_report::Begin(asked.since(), kDueBy, *file.mutable_weekly_reports());
}

void Record(jv1::SecurityFile& file, const jv1::IncidentRecorded& recorded) {
  auto& all = *file.mutable_incidents();
  *all.Add() = recorded.incident();
  std::stable_sort(all.begin(), all.end(), [](const v1::Incident& a, const v1::Incident& b) {
    return FromProto(a.day()) < FromProto(b.day());
  });
}

void Withdraw(jv1::SecurityFile& file, const jv1::IncidentWithdrawn& withdrawn) {
  exchange::EraseFrom(*file.mutable_incidents(), [&](const v1::Incident& one) {
    return one.incident_id() == withdrawn.incident_id();
  });
}

void Note(jv1::SecurityFile& file, const jv1::WeekReported& reported) {
  weekly_report::Put(reported.report(), *file.mutable_weekly_reports());
}

void Pass(jv1::SecurityFile& file, const weekly_report::jv1::WeeksPassed& passed) {
  weekly_report::Pass(passed, kDueBy, *file.mutable_weekly_reports());
}

std::vector<exchange::Deadline> WhenOneIsLate(const jv1::SecurityFile& file) {
  return weekly_report::DeadlinesOf(file.weekly_reports());
}

Decision Remind(const jv1::SecurityFile& file, std::string_view, const DecisionContext& context) {
  return weekly_report::PassWeeks<jv1::SecurityEvent>(file.weekly_reports(), kDueBy,
                                                      "weekly_report.not_sent", context);
}

}  // namespace

SecurityPart WeeklyReports() {
  SecurityPart part;
  part.Serve<v1::RecordIncidentRequest>(
          {.target = &BySecurityId, .decide = &RecordIncident, .view = &View})
      .Serve<v1::WithdrawIncidentRequest>(
          {.target = &BySecurityId, .decide = &WithdrawIncident, .view = &View})
      .Serve<v1::DeliverWeeklyReportRequest>(
          {.target = &BySecurityId, .decide = &DeliverWeeklyReport, .view = &View})
      .On(&OnAsked)
      .After(&NoteAsked)
      .After(&Record)
      .After(&Withdraw)
      .After(&Note)
      .After(&Pass)
      .Due("weekly_report.not_sent", &WhenOneIsLate, &Remind);
  return part;
}

}  // namespace exitbus::police
