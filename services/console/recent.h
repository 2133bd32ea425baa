// What happened to letters in the last five minutes: how many, and how long they took. A few
// hundred bytes, however much it is.
#pragma once

#include <array>
#include <cstdint>

#include "absl/time/time.h"

namespace exitbus::operations::v1 {
class Latency;
class Throughput;
enum HopKind : int;
}  // namespace exitbus::operations::v1

namespace exitbus::console {

class Recent {
 public:
  void Count(operations::v1::HopKind kind, absl::Time now);
  // From being made to being receipted.
  void Took(absl::Duration how_long, absl::Time now);

  operations::v1::Throughput ThroughputAt(absl::Time now) const;
  operations::v1::Latency LatencyAt(absl::Time now) const;

 private:
  static constexpr int kMinutes = 5;
  static constexpr int kKinds = 8;
  static constexpr int kSteps =
      48;  // each a half longer than the one before, from a millisecond on

  struct Minute {
    std::int64_t minute = -1;  // since 1970
    std::array<std::uint32_t, kKinds> hops{};
    std::array<std::uint32_t, kSteps> took{};
  };

  Minute& At(absl::Time now);

  std::array<Minute, kMinutes> minutes_;
};

}  // namespace exitbus::console
