#include "adapters/api/calls_under_way.h"

namespace exitbus::adapters {

CallsUnderWay::Place CallsUnderWay::Take(const std::string& system) {
  const std::lock_guard<std::mutex> lock(mutex_);
  std::shared_ptr<char>& held = systems_[system];
  if (held == nullptr) held = std::make_shared<char>();
  // One is the map's.
  if (static_cast<std::size_t>(held.use_count()) > max_) return nullptr;
  return std::make_shared<const std::shared_ptr<char>>(held);
}

}  // namespace exitbus::adapters
