// The one way out to the bus: open while a broker answers and takes what we stamp. What is to go
// waits where it is kept, untried, until OnOpen.
//
// A broker that refuses a record for its time stamp says that one of the two clocks is wrong. That
// closes the way for a while, with back-off, and is told once; until a record is taken again our
// clock counts as known to be wrong, and nothing is signed that says when (Needs::kInstant).
#pragma once

#include <functional>
#include <utility>

#include "absl/time/time.h"
#include "services/exchange/ports/bus.h"

namespace exitbus::exchange {

struct Environment;

// Lives on the engine's thread.
class Publisher {
 public:
  static constexpr absl::Duration kFirstBackOff = absl::Seconds(5);
  static constexpr absl::Duration kLastBackOff = absl::Minutes(1);

  // `on_open` runs when the way is open again after a refusal.
  Publisher(const Environment* environment, std::function<void()> on_open)
      : environment_(environment), on_open_(std::move(on_open)) {}

  void OnCluster() { available_ = true; }
  void OnUnavailable() { available_ = false; }
  bool open() const { return available_ && !closed_; }
  bool clock_is_refused() const { return refused_; }

  // As Bus::Publish. `done` is told OUT_OF_RANGE where the time stamp was refused.
  void Publish(Priority priority, BusRecord record, Bus::Done done);

 private:
  void Refused(absl::Time stamped);
  void Taken();

  const Environment* environment_;
  std::function<void()> on_open_;
  bool available_ = false;
  bool closed_ = false;   // for now, after a refusal
  bool refused_ = false;  // the last of ours that the broker looked at
  absl::Duration back_off_ = kFirstBackOff;
};

}  // namespace exitbus::exchange
