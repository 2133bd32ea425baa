// Tells the console, twice a second, what has gathered: always, and always padded, so that the time
// and the size of a record say nothing of when a letter was made.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "absl/time/time.h"

namespace exitbus::operations::v1 {
class Standing;
}

namespace exitbus::exchange {

struct Environment;

// Lives on the engine's thread. Does nothing without a tracer and a console's key.
class TraceBeat {
 public:
  static constexpr absl::Duration kEvery = absl::Milliseconds(500);
  static constexpr std::uint64_t kStandingEvery = 10;  // records
  static constexpr std::size_t kHopsMax = 2000;        // of a record
  static constexpr int kUnderWayMax = 4;               // records; then hops are gathered

  // `stand` says how the authority stands. What is passed outlives it.
  using Stand = std::function<void(operations::v1::Standing&)>;
  TraceBeat(const Environment* environment, Stand stand)
      : environment_(environment), stand_(std::move(stand)) {}

  void Start();

 private:
  void Beat();
  void Tell();

  const Environment* environment_;
  const Stand stand_;
  absl::Time started_;
  std::uint64_t number_ = 0;
  int under_way_ = 0;
  bool failing_ = false;
};

}  // namespace exitbus::exchange
