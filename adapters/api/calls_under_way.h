// How many calls each client system has under way: until the answer has gone and nobody here holds
// the call any more. One that asks without end, gives up at once or reads no answers gets its share
// and no more. Thread-safe.
#pragma once

#include <cstddef>
#include <map>
#include <memory>
#include <mutex>
#include <string>

namespace exitbus::adapters {

class CallsUnderWay {
 public:
  using Place = std::shared_ptr<const void>;

  explicit CallsUnderWay(std::size_t of_one_system_max) : max_(of_one_system_max) {}

  // A place for one more call of this system, given back when its last copy is let go. Null: it has
  // its share.
  Place Take(const std::string& system);

  std::size_t of_one_system_max() const { return max_; }

 private:
  const std::size_t max_;
  std::mutex mutex_;
  std::map<std::string, std::shared_ptr<char>> systems_;  // that have called; each place holds its
};

}  // namespace exitbus::adapters
