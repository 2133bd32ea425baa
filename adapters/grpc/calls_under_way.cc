#include "adapters/grpc/calls_under_way.h"

namespace exitbus::adapters {

CallsUnderWay::Place CallsUnderWay::Take(const std::string& system) {
  const std::lock_guard<std::mutex> lock(mutex_);
  Place& place = places_[system];
  if (place == nullptr) place = std::make_shared<char>();
  // One is the map's.
  return static_cast<std::size_t>(place.use_count()) > max_ ? nullptr : place;
}

}  // namespace exitbus::adapters
