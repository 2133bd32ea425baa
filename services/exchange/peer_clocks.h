// How far each peer's clock is from ours, by what it sends, and an alarm with the peer's name where
// that is more than instants may differ. Which of the two is wrong cannot be reported from here.
//
// The gauge follows what everybody sends everybody, so that it shows nobody's counterparts; so does
// the alarm, which does not say by what.
#pragma once

#include <map>
#include <string>

#include "absl/time/time.h"

namespace exitbus::exchange {

struct Environment;

// Lives on the engine's thread.
class PeerClocks {
 public:
  // As the responsibility protocol tolerates it.
  static constexpr absl::Duration kDifferenceMax = absl::Minutes(5);
  static constexpr absl::Duration kReportedAgainAfter = absl::Hours(1);

  explicit PeerClocks(const Environment* environment) : environment_(environment) {}

  // When a verified record of the peer's was stamped. What is old may have lain on the bus; what is
  // of the future has not. `just_now`: it came at once, and says the time to all alike.
  void Stamped(const std::string& peer, absl::Time stamped, bool just_now);
  // The same of an answer to what was asked at `asked`, or later.
  void Answered(const std::string& peer, absl::Time stamped, absl::Time asked);
  // An instant that a letter of the peer's says to be past. Not compared with a development clock,
  // which is set by hand.
  void Said(const std::string& peer, absl::Time instant);

 private:
  void Alarm(const std::string& peer, absl::Duration ahead);

  const Environment* environment_;
  std::map<std::string, absl::Time> reported_;  // by peer
};

}  // namespace exitbus::exchange
