// What the police unit reports once a week of who is enrolled (FUP-08, TIM-01). It is asked for by
// itself, where the case's programme opens it, and missed by itself.
#include "exitbus/casework/v1/programme_service.pb.h"
#include "exitbus/police/v1/weekly_report_messages.pb.h"
#include "exitbus/policy/v1/policy.pb.h"
#include "services/casework/addresses.h"
#include "services/casework/methods.h"
#include "services/casework/programme/programmes.h"
#include "services/casework/relocation/relocation.h"
#include "services/exchange/peer_clocks.h"
#include "services/exchange/ports/directory.h"
#include "services/exchange/proto_time.h"
#include "services/weekly_report/reports.h"

namespace exitbus::casework {
namespace {

using exchange::Decision;
using exchange::DecisionContext;
using exchange::FromProto;
using exchange::ToProto;
using weekly_report::IsAsked;

constexpr weekly_report::DueBy kDueBy = &weekly_report::ToBeThereBy;

bool HearsPolice(const jv1::CaseFile& file) {
  return file.standing() == cv1::STANDING_RESPONSIBLE && IsEnrolled(file.stage()) &&
         !file.police().empty() && Opens(file, cv1::PROGRAMME_OPENING_POLICE);
}

bool IsToBeAsked(const jv1::CaseFile& file) {
  return HearsPolice(file) && Opens(file, cv1::PROGRAMME_OPENING_WEEKLY_REPORT);
}

// At once, whatever has come about by what.
std::vector<exchange::Deadline> WhenToAsk(const jv1::CaseFile& file) {
  if (IsToBeAsked(file) == IsAsked(file.weekly_reports())) return {};
  return {{"", absl::UnixEpoch()}};
}

// From this week on, or no more. Whose course or part in the case is over hears that anyhow.
Decision Ask(const jv1::CaseFile& file, std::string_view, const DecisionContext& context) {
  if (IsToBeAsked(file) == IsAsked(file.weekly_reports())) {
    return Decision::NoEffect("weekly_reports_asked_so");
  }
  // It may not read them (D12).
  if (context.self->kind != policy::v1::AUTHORITY_KIND_MUNICIPALITY) {
    return Decision::NoEffect("weekly_reports_are_for_municipalities");
  }
  jv1::CaseEvent event;
  police::v1::WeeklyReportsAsked message;
  jv1::WeeklyReportsAsked& asked = *event.mutable_weekly_reports_asked();
  if (IsToBeAsked(file)) {
    *message.mutable_since() = weekly_report::WeekOf(context.now);
    *asked.mutable_since() = message.since();
  }
  Decision decision;
  decision.AddEvent(event);
  if (HearsPolice(file)) {
    decision.Notify(AddressOf(Whom::kPolice, file, nullptr, context), message);
  }
  return decision;
}

std::vector<exchange::Deadline> WhenOneIsMissing(const jv1::CaseFile& file) {
  return weekly_report::DeadlinesOf(file.weekly_reports());
}

Decision Miss(const jv1::CaseFile& file, std::string_view, const DecisionContext& context) {
  return weekly_report::PassWeeks<jv1::CaseEvent>(file.weekly_reports(), kDueBy,
                                                  "weekly_report.missing", context);
}

bool IsToBeReported(const cv1::Week& week, const jv1::CaseFile& file,
                    const DecisionContext& context) {
  return weekly_report::Exists(week) &&
         !weekly_report::IsBefore(week, file.weekly_reports().since()) &&
         weekly_report::EndOf(week) <= context.now + exchange::PeerClocks::kDifferenceMax;
}

// The days of YES and of nothing else, in this week, each once and in order.
bool IsSound(const cv1::WeeklyReport& report) {
  if ((report.answer() == cv1::INCIDENT_ANSWER_YES) == report.days().empty()) return false;
  absl::Time last = weekly_report::BeginOf(report.week()) - absl::Nanoseconds(1);
  for (const auto& day : report.days()) {
    if (FromProto(day) <= last) return false;
    last = FromProto(day);
  }
  return report.answer() != cv1::INCIDENT_ANSWER_UNSPECIFIED &&
         last < weekly_report::EndOf(report.week());
}

Decision OnReport(const CaseLetter& letter, const police::v1::WeeklyPoliceReport& message) {
  if (auto instead = NotOfUnit(letter)) return *std::move(instead);
  const jv1::CaseFile& file = letter.state;
  const DecisionContext& context = letter.context;
  if (!file.has_weekly_reports()) {
    return Decision::Refuse("weekly_report.not_asked_for",
                            "Nobody has asked for weekly reports on this case.");
  }
  if (!IsAsked(file.weekly_reports())) return Decision::NoEffect("weekly_report_crossed_end");
  if (!IsToBeReported(message.report().week(), file, context)) {
    return Decision::Refuse("weekly_report.of_no_such_week",
                            "Report weeks that are over, from the first that was asked for on.");
  }
  if (!IsSound(message.report())) {
    return Decision::Refuse("weekly_report.unsound",
                            "Say yes, no or unknown; with yes the days of that week, in order.");
  }
  jv1::CaseEvent event;
  cv1::WeeklyReport& report = *event.mutable_weekly_report_learnt()->mutable_report();
  *report.mutable_week() = message.report().week();
  report.set_answer(message.report().answer());
  *report.mutable_days() = message.report().days();
  *report.mutable_received() = ToProto(context.now);
  return Decision().AddEvent(event);
}

Decision Acknowledge(const jv1::CaseFile& file, const v1::AcknowledgeWeeklyReportRequest& request,
                     const DecisionContext& context) {
  const auto* const report = weekly_report::Find(file.weekly_reports(), request.week());
  if (report == nullptr) {
    return Decision::Refuse("weekly_report.none", "The unit has reported nothing of that week.");
  }
  if (report->has_read()) {
    return Decision::Refuse("weekly_report.read_before", "Somebody here has read this report.");
  }
  jv1::CaseEvent event;
  jv1::WeeklyReportRead& read = *event.mutable_weekly_report_read();
  *read.mutable_week() = request.week();
  read.set_read_by(context.caller.employee);
  *read.mutable_read() = ToProto(context.now);
  return Decision().AddEvent(event);
}

void NoteAsked(jv1::CaseFile& file, const jv1::WeeklyReportsAsked& asked) {
  if (!asked.has_since()) return weekly_report::End(*file.mutable_weekly_reports());
  weekly_report::Begin(asked.since(), kDueBy, *file.mutable_weekly_reports());
}

void Learn(jv1::CaseFile& file, const jv1::WeeklyReportLearnt& learnt) {
  weekly_report::Put(learnt.report(), *file.mutable_weekly_reports());
}

void Pass(jv1::CaseFile& file, const weekly_report::jv1::WeeksPassed& passed) {
  weekly_report::Pass(passed, kDueBy, *file.mutable_weekly_reports());
}

void NoteRead(jv1::CaseFile& file, const jv1::WeeklyReportRead& read) {
  auto* const report = weekly_report::Find(*file.mutable_weekly_reports(), read.week());
  if (report == nullptr) return;
  report->set_read_by(read.read_by());
  *report->mutable_read() = read.read();
}

}  // namespace

CasePart WeeklyReportPart() {
  CasePart part;
  part.Serve(OnCase({&kResponsible}, &Acknowledge))
      .On(&OnReport)
      .After(&NoteAsked)
      .After(&Learn)
      .After(&Pass)
      .After(&NoteRead)
      .Due("weekly_report.to_be_asked", &WhenToAsk, &Ask)
      .Due("weekly_report.missing", &WhenOneIsMissing, &Miss);
  return part;
}

}  // namespace exitbus::casework
