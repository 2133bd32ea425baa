#include "services/weekly_report/reports.h"

#include <algorithm>

#include "services/exchange/proto_time.h"
#include "services/exchange/repeated.h"

namespace exitbus::weekly_report {
namespace {

constexpr int kKept = 60;

void WaitFor(const cv1::Week& week, DueBy due_by, cv1::WeeklyReports& reports) {
  *reports.mutable_next() = week;
  *reports.mutable_due() = exchange::ToProto(due_by(week));
}

}  // namespace

bool IsAsked(const cv1::WeeklyReports& reports) { return reports.has_since(); }

const cv1::WeeklyReport* Find(const cv1::WeeklyReports& reports, const cv1::Week& week) {
  return exchange::FindIn(reports.reports(), [&](const cv1::WeeklyReport& report) {
    return IsSame(report.week(), week);
  });
}

cv1::WeeklyReport* Find(cv1::WeeklyReports& reports, const cv1::Week& week) {
  return const_cast<cv1::WeeklyReport*>(
      Find(static_cast<const cv1::WeeklyReports&>(reports), week));
}

void Begin(const cv1::Week& since, DueBy due_by, cv1::WeeklyReports& reports) {
  *reports.mutable_since() = since;
  reports.clear_missing();
  WaitFor(since, due_by, reports);
}

void End(cv1::WeeklyReports& reports) {
  reports.clear_since();
  reports.clear_next();
  reports.clear_due();
  reports.clear_missing();
}

void Put(const cv1::WeeklyReport& report, cv1::WeeklyReports& reports) {
  const auto is_of_it = [&](const cv1::Week& week) { return IsSame(week, report.week()); };
  exchange::EraseFrom(*reports.mutable_missing(), is_of_it);
  if (cv1::WeeklyReport* const before = Find(reports, report.week())) {
    *before = report;
    return;
  }
  auto& all = *reports.mutable_reports();
  *all.Add() = report;
  std::sort(all.begin(), all.end(), [](const cv1::WeeklyReport& a, const cv1::WeeklyReport& b) {
    return IsBefore(a.week(), b.week());
  });
  exchange::KeepNewest(all, kKept);
}

jv1::WeeksPassed PassedBy(absl::Time now, DueBy due_by, const cv1::WeeklyReports& reports) {
  jv1::WeeksPassed passed;
  cv1::Week week = reports.next();
  for (; due_by(week) <= now; week = Following(week)) {
    if (Find(reports, week) == nullptr) *passed.add_missing() = week;
  }
  exchange::KeepNewest(*passed.mutable_missing(), kKept);
  *passed.mutable_next() = week;
  return passed;
}

void Pass(const jv1::WeeksPassed& passed, DueBy due_by, cv1::WeeklyReports& reports) {
  reports.mutable_missing()->MergeFrom(passed.missing());
  exchange::KeepNewest(*reports.mutable_missing(), kKept);
  WaitFor(passed.next(), due_by, reports);
}

std::vector<exchange::Deadline> DeadlinesOf(const cv1::WeeklyReports& reports) {
  if (!IsAsked(reports)) return {};
  return {{"", exchange::FromProto(reports.due())}};
}

bool FallsDue(const cv1::WeeklyReports& reports, absl::Time now) {
  return IsAsked(reports) && exchange::FromProto(reports.due()) <= now;
}

}  // namespace exitbus::weekly_report
