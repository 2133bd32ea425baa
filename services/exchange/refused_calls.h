// The trace that refused calls leave: a line and a figure for operators, and a bound on how many a
// client system may have. Whoever tries out ids or methods is seen, and soon has to wait.
//
// A system that has been refused too often of late is turned away until it has been quiet for a
// moment; calls of it that are in order get through between. Thread-safe.
#pragma once

#include <map>
#include <mutex>
#include <optional>
#include <string>

#include "absl/time/time.h"
#include "services/exchange/ports/api.h"

namespace exitbus::exchange {

struct Environment;

class RefusedCalls {
 public:
  // So many in a row are borne; after that as many as the settings say.
  static constexpr int kInARow = 300;
  static constexpr absl::Duration kReportedAgainAfter = absl::Minutes(10);

  explicit RefusedCalls(const Environment* environment) : environment_(environment) {}

  // Turns the caller's system away if it has been refused too often of late.
  std::optional<Refusal> TurnAway(const Caller& caller);

  // This call was refused. What is not the caller's doing is passed over: a full queue, a store
  // that cannot be written to.
  void Note(const std::string& method, const Caller& caller, const Refusal& refusal);

 private:
  // What is left of a system's patience, and as of when.
  struct Patience {
    double left = kInARow;
    absl::Time as_of;
    absl::Time reported = absl::InfinitePast();  // operators, that there is none left
  };

  Patience& Of(const std::string& system);  // mutex_ held

  const Environment* const environment_;
  std::mutex mutex_;
  std::map<std::string, Patience> systems_;  // those that were refused of late
};

}  // namespace exitbus::exchange
