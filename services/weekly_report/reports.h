// What either side keeps of a case's weekly reports: those there are, whose is waited for, and
// which are missing. All but the questions are for `evolve`, and total.
#pragma once

#include <string_view>
#include <vector>

#include "absl/time/time.h"
#include "exitbus/weekly_report_journal/v1/weekly_report.pb.h"
#include "services/exchange/aggregate.h"
#include "services/exchange/decision.h"
#include "services/exchange/decision_context.h"
#include "services/exchange/ports/telemetry.h"
#include "services/weekly_report/weeks.h"

namespace exitbus::weekly_report {

namespace jv1 = weekly_report_journal::v1;

// By when a side has the report of a week: ToBeGivenBy or ToBeThereBy.
using DueBy = absl::Time (*)(const cv1::Week&);

bool IsAsked(const cv1::WeeklyReports& reports);
// Of this week; null: none is kept.
const cv1::WeeklyReport* Find(const cv1::WeeklyReports& reports, const cv1::Week& week);
cv1::WeeklyReport* Find(cv1::WeeklyReports& reports, const cv1::Week& week);

// From this week on; or no more, which leaves what was reported.
void Begin(const cv1::Week& since, DueBy due_by, cv1::WeeklyReports& reports);
void End(cv1::WeeklyReports& reports);
// Instead of what was reported of that week before.
void Put(const cv1::WeeklyReport& report, cv1::WeeklyReports& reports);

// The weeks whose time is over by now, the one waited for being the first. A store that slept long
// has them all at once.
jv1::WeeksPassed PassedBy(absl::Time now, DueBy due_by, const cv1::WeeklyReports& reports);
void Pass(const jv1::WeeksPassed& passed, DueBy due_by, cv1::WeeklyReports& reports);

// When the time of the one that is waited for is over; and what falls due then: the event's member
// `weeks_passed`, and, where one is missing, operators are alarmed by `alarm`.
std::vector<exchange::Deadline> DeadlinesOf(const cv1::WeeklyReports& reports);
bool FallsDue(const cv1::WeeklyReports& reports, absl::Time now);
template <class Event>
exchange::Decision PassWeeks(const cv1::WeeklyReports& reports, DueBy due_by,
                             std::string_view alarm, const exchange::DecisionContext& context) {
  if (!FallsDue(reports, context.now)) return exchange::Decision::NoEffect("deadline_over");
  Event event;
  *event.mutable_weeks_passed() = PassedBy(context.now, due_by, reports);
  exchange::Decision decision;
  decision.AddEvent(event);
  if (!event.weeks_passed().missing().empty()) {
    decision.Report(exchange::Severity::kError, alarm);
  }
  return decision;
}

}  // namespace exitbus::weekly_report
