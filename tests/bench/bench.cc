#include "tests/bench/bench.h"

#include <atomic>
#include <map>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_format.h"
#include "absl/time/clock.h"
#include "services/exchange/ports/status_macros.h"
#include "tests/bench/emergency.h"
#include "tests/bench/figures.h"
#include "tests/bench/load.h"
#include "tests/bench/raw_loop.h"
#include "tests/bench/resident.h"
#include "tests/story/operations.h"

namespace exitbus::bench {
namespace {

constexpr absl::Duration kCalmDown = absl::Seconds(2);

// Processor time that the two ends spent on a letter, receipt included.
struct Effort {
  absl::Duration sender, recipient;
};

absl::StatusOr<Effort> EffortSoFar(const story::Deployment& deployment) {
  Effort effort;
  ASSIGN_OR_RETURN(effort.sender,
                   ProcessorTime(deployment.PidOf(story::MemberNamed(story::kIshoj)).value_or(0)));
  ASSIGN_OR_RETURN(effort.recipient,
                   ProcessorTime(deployment.PidOf(story::MemberNamed(story::kOdense)).value_or(0)));
  return effort;
}

struct Run {
  double raw_p50_ms = 0, raw_p99_ms = 0, raw_per_second = 0;
  double p50_ms = 0, p99_ms = 0, per_second = 0;
  double answer_p50_ms = 0, answer_p99_ms = 0;
  double sender_us = 0, recipient_us = 0;  // processor time per letter of the flood
};

absl::StatusOr<Run> MeasureOnce(const story::Deployment& deployment, const Sizes& sizes,
                                RawLoop& raw, Load& load) {
  // An authority takes so many new correspondences of another one a day, and no more.
  RETURN_IF_ERROR(story::AdvanceClock(deployment, absl::Hours(24)));
  Run run;
  const int paced = sizes.per_second * sizes.seconds;
  ASSIGN_OR_RETURN(const auto bare, raw.Paced(sizes.per_second, paced));
  run.raw_p50_ms = Milliseconds(Quantile(bare, 0.5));
  run.raw_p99_ms = Milliseconds(Quantile(bare, 0.99));
  RETURN_IF_ERROR(load.Prepare(paced + sizes.flood_commands));
  absl::SleepFor(
      kCalmDown);  // what was prepared is still moved from the stores' logs to their files
  ASSIGN_OR_RETURN(const auto times, load.Paced(sizes.per_second, paced));
  run.p50_ms = Milliseconds(Quantile(times.delivered, 0.5));
  run.p99_ms = Milliseconds(Quantile(times.delivered, 0.99));
  run.answer_p50_ms = Milliseconds(Quantile(times.answered, 0.5));
  run.answer_p99_ms = Milliseconds(Quantile(times.answered, 0.99));
  ASSIGN_OR_RETURN(run.raw_per_second, raw.Flood(sizes.raw_records));
  ASSIGN_OR_RETURN(const Effort before, EffortSoFar(deployment));
  ASSIGN_OR_RETURN(run.per_second, load.Flood(sizes.flood_commands));
  ASSIGN_OR_RETURN(const Effort after, EffortSoFar(deployment));
  const int letters = kLettersPerCommand * sizes.flood_commands;
  run.sender_us = absl::ToDoubleMicroseconds(after.sender - before.sender) / letters;
  run.recipient_us = absl::ToDoubleMicroseconds(after.recipient - before.recipient) / letters;
  return run;
}

void Print(const Run& run, const std::string& name, std::ostream& out) {
  out << absl::StrFormat("%-8s %8.2f %8.2f %8.2f %8.2f %8.2f %8.2f %9.0f %9.0f %9.0f %9.0f\n", name,
                         run.p50_ms, run.p99_ms, run.raw_p50_ms, run.raw_p99_ms, run.answer_p50_ms,
                         run.answer_p99_ms, run.per_second, run.raw_per_second, run.sender_us,
                         run.recipient_us)
      << std::flush;
}

Run MedianOf(const std::vector<Run>& runs) {
  Run median;
  for (double Run::*figure : {&Run::raw_p50_ms, &Run::raw_p99_ms, &Run::raw_per_second,
                              &Run::p50_ms, &Run::p99_ms, &Run::per_second, &Run::answer_p50_ms,
                              &Run::answer_p99_ms, &Run::sender_us, &Run::recipient_us}) {
    std::vector<double> values;
    for (const Run& run : runs) values.push_back(run.*figure);
    median.*figure = Median(values);
  }
  return median;
}

void Print(const Emergencies::Times& times, const std::string& name, std::ostream& out) {
  out << absl::StrFormat("%-20s %5d", name, times.answered.size());
  for (const auto* took : {&times.answered, &times.at_unit, &times.at_desk}) {
    out << absl::StrFormat(" %8.2f %8.2f", Milliseconds(Quantile(*took, 0.5)),
                           Milliseconds(Quantile(*took, 0.99)));
  }
  out << "\n" << std::flush;
}

// With nothing else under way, and while the bus is full of ordinary letters.
absl::Status MeasureEmergencies(const story::Deployment& deployment, const Sizes& sizes, Load& load,
                                std::ostream& out) {
  ASSIGN_OR_RETURN(const auto emergencies, Emergencies::Make(deployment));
  RETURN_IF_ERROR(load.Prepare(sizes.flood_commands));
  absl::SleepFor(kCalmDown);
  out << absl::StrFormat("\n%-20s %5s %17s %17s %17s\n", "in an emergency", "", "answer, ms",
                         "the unit there", "contact point")
      << absl::StrFormat("%-20s %5s %8s %8s %8s %8s %8s %8s\n", "", "", "p50", "p99", "p50", "p99",
                         "p50", "p99");
  ASSIGN_OR_RETURN(const auto calm, emergencies->Place(sizes.emergencies, [] { return false; }));
  Print(calm, "nothing else", out);
  std::atomic<bool> over = false;
  absl::StatusOr<double> per_second = 0;
  std::thread flooding([&] {
    per_second = load.Flood(sizes.flood_commands);
    over = true;
  });
  const auto flooded = emergencies->Place(sizes.emergencies, [&] { return over.load(); });
  flooding.join();
  RETURN_IF_ERROR(per_second.status());
  RETURN_IF_ERROR(flooded.status());
  Print(*flooded, absl::StrFormat("at %.0f letters/s", *per_second), out);
  return absl::OkStatus();
}

absl::Status MeasureResident(const story::Deployment& deployment, absl::Duration idle,
                             std::ostream& out) {
  absl::SleepFor(kCalmDown);
  std::map<std::string, absl::Duration> before;
  for (const story::Member& member : story::Cast()) {
    ASSIGN_OR_RETURN(before[member.id], ProcessorTime(deployment.PidOf(member).value_or(0)));
  }
  const absl::Time began = absl::Now();
  absl::SleepFor(idle);
  out << absl::StrFormat("\n%-28s %12s %16s\n", "after that", "resident MiB", "idle, % of core");
  for (const story::Member& member : story::Cast()) {
    const pid_t process = deployment.PidOf(member).value_or(0);
    ASSIGN_OR_RETURN(const absl::Duration used, ProcessorTime(process));
    ASSIGN_OR_RETURN(const double resident, ResidentMib(process));
    out << absl::StrFormat("%-28s %12.1f %16.2f\n", member.id, resident,
                           100 * absl::FDivDuration(used - before[member.id], absl::Now() - began));
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status Measure(const story::Deployment& deployment, const Sizes& sizes,
                     absl::Duration stop_after, std::ostream& out) {
  const absl::Time end = absl::Now() + stop_after;
  ASSIGN_OR_RETURN(const auto raw, RawLoop::Make(deployment));
  ASSIGN_OR_RETURN(const auto load, Load::Make(deployment, story::MemberNamed(story::kIshoj),
                                               story::MemberNamed(story::kOdense)));
  out << absl::StrFormat("\n%-8s %17s %17s %17s %9s %9s %19s\n", "", "end to end, ms",
                         "raw loop, ms", "answer, ms", "letters", "raw rec.", "us of CPU a letter")
      << absl::StrFormat("%-8s %8s %8s %8s %8s %8s %8s %9s %9s %9s %9s\n", "run", "p50", "p99",
                         "p50", "p99", "p50", "p99", "a second", "a second", "sender", "recipient");
  std::vector<Run> runs;
  absl::Duration longest;
  for (int i = 1; i <= sizes.runs && absl::Now() + longest < end; ++i) {
    const absl::Time began = absl::Now();
    ASSIGN_OR_RETURN(const Run run, MeasureOnce(deployment, sizes, *raw, *load));
    longest = std::max(longest, absl::Now() - began);
    Print(run, absl::StrFormat("%d", i), out);
    runs.push_back(run);
  }
  Print(MedianOf(runs), "median", out);
  if (static_cast<int>(runs.size()) < sizes.runs) {
    out << "(" << runs.size() << " of " << sizes.runs << " runs: the time was up)\n";
  }
  RETURN_IF_ERROR(MeasureEmergencies(deployment, sizes, *load, out));
  return MeasureResident(deployment, absl::Seconds(sizes.idle_seconds), out);
}

}  // namespace exitbus::bench
