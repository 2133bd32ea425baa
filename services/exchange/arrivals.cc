#include "services/exchange/arrivals.h"

#include <utility>

namespace exitbus::exchange {

void Arrivals::Add(Priority priority, Arrival arrival) {
  (priority == Priority::kUrgent ? urgent_ : ordinary_).push_back(std::move(arrival));
}

Arrival Arrivals::Next() {
  last_was_urgent_ = ordinary_.empty() || (!last_was_urgent_ && !urgent_.empty());
  std::deque<Arrival>& from = last_was_urgent_ ? urgent_ : ordinary_;
  Arrival next = std::move(from.front());
  from.pop_front();
  return next;
}

}  // namespace exitbus::exchange
