// Which batches on their way to the listener still count: a topic that was assigned anew, a cluster
// that changed or a bus that is gone makes those before it void. Thread-safe. Internal to this
// folder.
#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <string>

#include "services/exchange/ports/bus.h"

namespace exitbus::adapters {

class Deliveries {
 public:
  void SetListener(exchange::BusListener* listener) {
    const std::lock_guard<std::mutex> lock(mutex_);
    listener_ = listener;
  }

  // Null once the bus is gone.
  exchange::BusListener* listener() {
    const std::lock_guard<std::mutex> lock(mutex_);
    return listener_;
  }

  // A new assignment of the topic. Never 0.
  std::uint64_t Begin(const std::string& topic) {
    const std::lock_guard<std::mutex> lock(mutex_);
    return generations_[topic] = ++last_;
  }

  bool Counts(const std::string& topic, std::uint64_t generation) {
    const std::lock_guard<std::mutex> lock(mutex_);
    const auto found = generations_.find(topic);
    return listener_ != nullptr && found != generations_.end() && found->second == generation;
  }

  void VoidAll() {
    const std::lock_guard<std::mutex> lock(mutex_);
    generations_.clear();
  }

 private:
  std::mutex mutex_;
  exchange::BusListener* listener_ = nullptr;
  std::uint64_t last_ = 0;
  std::map<std::string, std::uint64_t> generations_;
};

}  // namespace exitbus::adapters
