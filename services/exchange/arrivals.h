// Records that have come and wait to be taken: some of each topic in turn, and some of an urgent
// one every other time, so that no topic waits until all that another one brought is done.
#pragma once

#include <cstddef>
#include <deque>
#include <string>
#include <vector>

#include "absl/functional/any_invocable.h"
#include "services/exchange/ports/bus.h"

namespace exitbus::exchange {

// What one topic brought at once; at least one record.
struct Arrival {
  std::vector<BusRecord> records;
  std::size_t taken = 0;            // so many are done
  absl::AnyInvocable<void()> more;  // asks for what comes after

  const std::string& topic() const { return records.front().topic; }
  bool done() const { return taken == records.size(); }
};

class Arrivals {
 public:
  bool empty() const { return urgent_.empty() && ordinary_.empty(); }

  // After those of its priority that wait.
  void Add(Priority priority, Arrival arrival);
  // The next one. There is one.
  Arrival Next();

 private:
  std::deque<Arrival> urgent_;
  std::deque<Arrival> ordinary_;
  bool last_was_urgent_ = false;
};

}  // namespace exitbus::exchange
