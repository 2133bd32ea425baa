// What this authority's operators have stopped for a while: letters over a channel, or changes. It
// ends by itself, and stands in the journal, so that a restart ends it no sooner.
#pragma once

#include <map>
#include <string>

#include "absl/time/time.h"

namespace exitbus::recovery_journal::v1 {
class Acts;
}

namespace exitbus::exchange {

class Clock;
struct Answer;

// Lives on the engine's thread.
class Standstills {
 public:
  static constexpr char kPaused[] = "pause_channel";
  static constexpr char kResumed[] = "resume_channel";
  static constexpr char kMaintenance[] = "maintenance";

  // By the wall clock.
  explicit Standstills(const Clock* clock) : clock_(clock) {}

  // As they have ordered it last.
  void Follow(const recovery_journal::v1::Acts& acts);

  bool IsPaused(int channel) const;
  bool InMaintenance() const;
  // Whoever works with the authority sees what waits, and until when: "exitbus-paused" and
  // "exitbus-maintenance", beside every answer.
  void Mark(Answer& answer) const;

 private:
  const Clock* clock_;
  std::map<int, absl::Time> paused_;  // by channel, until when
  absl::Time maintenance_ = absl::InfinitePast();
};

}  // namespace exitbus::exchange
