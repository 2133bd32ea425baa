// One run at random: caseworkers of all kinds of authority work on many cases at once under faults,
// then everything is healed and has to agree. All of it follows from one seed.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace exitbus::simulation {

struct RunOptions {
  std::uint64_t seed = 1;
  int minutes = 10;               // of work under faults, as the authorities' clocks say
  std::set<std::string> without;  // faults that are off, by name
  std::string mutant;             // by name; empty: what is shipped
};

// What did not hold. The invariants are listed in this folder's README.
struct Violation {
  std::string invariant;  // "I1"
  std::string text;
};

struct RunReport {
  std::vector<Violation> violations;
  std::vector<std::string> trace;
  std::uint64_t hash = 0;  // of the trace
  std::int64_t steps = 0;  // acts of people
  double simulated_hours = 0;
  std::vector<std::string> on;          // faults that this seed has
  std::map<std::string, int> faults;    // how often each struck
  std::map<std::string, int> outcomes;  // "OfferHandover: ok", "OfferHandover: <rule>"
  std::map<std::string, int> letters;   // by kind
  std::set<std::pair<std::string, std::string>> pairs;  // a fault, and the method called next

  bool failed() const { return !violations.empty(); }
};

RunReport RunAtRandom(const RunOptions& options);

// The faults that the same violation needs, by switching off one after the other and cutting the
// time in half, in at most so many runs; the options of the smallest that still fails.
RunOptions Shrink(const RunOptions& options, const RunReport& report, int runs_max);

}  // namespace exitbus::simulation
