// Runs at random, one seed after the other; what they found, and what they came by. See
// tools/simulate.
#include <chrono>
#include <iostream>

#include "absl/strings/numbers.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "tests/simulation/random/faults.h"
#include "tests/simulation/random/mutants.h"
#include "tests/simulation/random/run.h"

namespace exitbus::simulation {
namespace {

constexpr std::size_t kTailLines = 40;

struct Asked {
  int seeds = 20;
  int minutes = 10;
  std::uint64_t seed = 1;
  int shrink = 20;  // at most so many runs for what fails
  std::string mutant;
  bool trace = false;
};

bool Parse(int argc, char** argv, Asked& asked) {
  for (int i = 1; i < argc; ++i) {
    const std::string name = argv[i];
    if (name == "--trace") {
      asked.trace = true;
      continue;
    }
    if (++i == argc) return false;
    const bool known = (name == "--seeds" && absl::SimpleAtoi(argv[i], &asked.seeds)) ||
                       (name == "--minutes" && absl::SimpleAtoi(argv[i], &asked.minutes)) ||
                       (name == "--seed" && absl::SimpleAtoi(argv[i], &asked.seed)) ||
                       (name == "--shrink" && absl::SimpleAtoi(argv[i], &asked.shrink));
    if (name == "--mutant") {
      asked.mutant = argv[i];
    } else if (!known) {
      return false;
    }
  }
  return true;
}

void PrintCounts(const char* what, const std::map<std::string, int>& counts) {
  std::cout << what << ":\n";
  for (const auto& [name, count] : counts) {
    std::cout << absl::StrFormat("  %7d %s\n", count, name);
  }
}

void PrintTail(const RunReport& report, std::size_t lines) {
  const std::size_t from = report.trace.size() > lines ? report.trace.size() - lines : 0;
  for (std::size_t i = from; i < report.trace.size(); ++i) {
    std::cout << "  " << report.trace[i] << "\n";
  }
}

void PrintFailure(const RunOptions& options, const RunReport& report, int shrink_runs) {
  std::cout << "seed " << options.seed << " fails:\n";
  for (const Violation& one : report.violations) {
    std::cout << "  " << one.invariant << ": " << one.text << "\n";
  }
  const RunOptions smallest = Shrink(options, report, shrink_runs);
  const RunReport again = RunAtRandom(smallest);
  std::cout << "with " << smallest.minutes
            << " minutes and these faults it still does: " << absl::StrJoin(again.on, ", ")
            << "\nthe end of its trace:\n";
  PrintTail(again, kTailLines);
}

// What all runs came by together.
struct Coverage {
  RunReport all;
  void Add(const RunReport& report) {
    for (const auto& [name, count] : report.faults) all.faults[name] += count;
    for (const auto& [name, count] : report.outcomes) all.outcomes[name] += count;
    for (const auto& [name, count] : report.letters) all.letters[name] += count;
    all.pairs.insert(report.pairs.begin(), report.pairs.end());
    all.steps += report.steps;
    all.simulated_hours += report.simulated_hours;
  }
  void Print() const {
    PrintCounts("faults", all.faults);
    PrintCounts("commands by outcome", all.outcomes);
    PrintCounts("letters by kind", all.letters);
    std::cout << "pairs of a fault and the command after it: " << all.pairs.size() << "\n";
    for (const Fault& fault : Faults()) {
      if (!all.faults.contains(fault.name)) std::cout << "no seed had: " << fault.name << "\n";
    }
  }
};

int Simulate(const Asked& asked) {
  Coverage coverage;
  int failed = 0;
  const auto begun = std::chrono::steady_clock::now();
  for (int i = 0; i < asked.seeds; ++i) {
    RunOptions options;
    options.seed = asked.seed + static_cast<std::uint64_t>(i);
    options.minutes = asked.minutes;
    options.mutant = asked.mutant;
    const RunReport report = RunAtRandom(options);
    coverage.Add(report);
    std::cout << absl::StrFormat("seed %d: %s, %d acts, %.1f hours, trace %016x", options.seed,
                                 report.failed() ? report.violations.front().invariant : "sound",
                                 report.steps, report.simulated_hours, report.hash)
              << std::endl;
    if (asked.trace) PrintTail(report, report.trace.size());
    if (!report.failed()) continue;
    ++failed;
    PrintFailure(options, report, asked.shrink);
    if (!asked.mutant.empty()) break;  // found
  }
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begun;
  coverage.Print();
  std::cout << absl::StrFormat(
      "%d seeds, %d failed; %.1f hours simulated; %d acts, %.0f a second\n", asked.seeds, failed,
      coverage.all.simulated_hours, coverage.all.steps,
      static_cast<double>(coverage.all.steps) / took.count());
  return failed > 0 ? 1 : 0;
}

}  // namespace
}  // namespace exitbus::simulation

int main(int argc, char** argv) {
  exitbus::simulation::Asked asked;
  if (!exitbus::simulation::Parse(argc, argv, asked)) {
    std::cerr << "usage: simulate [--seeds N] [--minutes M] [--seed S] [--shrink RUNS] [--mutant "
                 "NAME] [--trace]\n";
    return 2;
  }
  return exitbus::simulation::Simulate(asked);
}
