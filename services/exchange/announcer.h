// Tells those who write to us which key to seal to: at the start, after a renewal, when the cluster
// was formatted anew, daily, when a peer begins to take part, and at once to one who sealed to a
// key that is gone. In the clear, so that two who both renewed while apart find each other again
// (docs/decisions/0011).
#pragma once

#include <map>
#include <set>
#include <string>

#include "absl/time/time.h"

namespace exitbus::exchange {

struct Environment;

// Lives on the engine's thread.
class Announcer {
 public:
  static constexpr absl::Duration kEvery = absl::Hours(24);
  static constexpr absl::Duration kRemindedEvery = absl::Minutes(1);
  static constexpr absl::Duration kRetryAfter = absl::Seconds(5);

  explicit Announcer(const Environment* environment) : environment_(environment) {}

  void ToAll();                          // to each authority we may hear from
  void To(const std::string& peer);      // likewise, to one
  void Remind(const std::string& peer);  // at most once in a while
  void Tick();                           // each second: the daily round
  void Flush();                          // publishes what is due

 private:
  void Publish(const std::string& peer);

  const Environment* environment_;
  std::set<std::string> due_;
  bool retry_is_posted_ = false;
  absl::Time next_round_ = absl::InfiniteFuture();  // none before the first
  std::map<std::string, absl::Time> reminded_;
};

}  // namespace exitbus::exchange
