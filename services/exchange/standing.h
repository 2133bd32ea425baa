// How an authority stands, for its operators: what waits on each channel and since when, and what
// its store and deadlines say. Numbers and ages; no letter, no peer, no case.
#pragma once

#include <cstdint>
#include <map>

#include "absl/time/time.h"

namespace exitbus::operations::v1 {
class ChannelStanding;
class Standing;
class Tally;
}  // namespace exitbus::operations::v1

namespace exitbus::policy::v1 {
enum Channel : int;
}

namespace exitbus::exchange {

class OutboxWindow;
struct Environment;
struct Service;

enum class Leaving { kDelayed, kOnTheWay, kHeld, kUnreceipted };

// By channel, written into a standing.
class Standings {
 public:
  explicit Standings(operations::v1::Standing* standing) : standing_(standing) {}

  // A letter that is to leave, or of which no receipt has come, since then.
  void AddLeaving(policy::v1::Channel channel, Leaving how, absl::Time since);
  // So many more are to leave that were not looked at.
  void AddUnseen(policy::v1::Channel channel, std::uint64_t count);

  operations::v1::ChannelStanding& Of(policy::v1::Channel channel);

 private:
  operations::v1::Standing* const standing_;
  std::map<int, int> places_;  // by channel, in the standing
};

// One more in a tally, since then.
void CountOne(operations::v1::Tally& tally, absl::Time since);

// All of it: what waits to leave, what lies in the store, deadlines, and what the gauges say.
void TellStanding(const Environment& environment, const Service& service,
                  const OutboxWindow& outbox, bool broker_reached,
                  operations::v1::Standing& standing);

}  // namespace exitbus::exchange
