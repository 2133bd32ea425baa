#include "services/console/recent.h"

#include <algorithm>
#include <cmath>

#include "exitbus/operations/v1/figures.pb.h"
#include "exitbus/operations/v1/trace.pb.h"

namespace exitbus::console {
namespace {

namespace ov1 = operations::v1;

constexpr double kStep = 1.5;

std::int64_t MinuteOf(absl::Time time) { return absl::ToUnixSeconds(time) / 60; }

// The upper end of a step.
google::protobuf::Duration EndOf(int step) {
  const absl::Duration end = absl::Milliseconds(std::pow(kStep, step));
  google::protobuf::Duration duration;
  duration.set_seconds(absl::ToInt64Seconds(end));
  duration.set_nanos(
      static_cast<std::int32_t>(absl::ToInt64Nanoseconds(end - absl::Seconds(duration.seconds()))));
  return duration;
}

}  // namespace

Recent::Minute& Recent::At(absl::Time now) {
  const std::int64_t minute = MinuteOf(now);
  Minute& found = minutes_[static_cast<std::size_t>(minute % kMinutes)];
  if (found.minute != minute) found = {.minute = minute, .hops = {}, .took = {}};
  return found;
}

void Recent::Count(ov1::HopKind kind, absl::Time now) {
  if (kind > 0 && kind < kKinds) ++At(now).hops[static_cast<std::size_t>(kind)];
}

void Recent::Took(absl::Duration how_long, absl::Time now) {
  const double ms = std::max(1.0, absl::ToDoubleMilliseconds(how_long));
  const int step = static_cast<int>(std::ceil(std::log(ms) / std::log(kStep)));
  ++At(now).took[static_cast<std::size_t>(std::clamp(step, 0, kSteps - 1))];
}

ov1::Throughput Recent::ThroughputAt(absl::Time now) const {
  std::array<std::uint64_t, kKinds> hops{};
  for (const Minute& minute : minutes_) {
    if (MinuteOf(now) - minute.minute >= kMinutes) continue;
    for (int i = 0; i < kKinds; ++i) hops[i] += minute.hops[i];
  }
  ov1::Throughput throughput;
  throughput.set_created(hops[ov1::HOP_KIND_CREATED]);
  throughput.set_receipted(hops[ov1::HOP_KIND_RECEIPTED]);
  throughput.set_applied(hops[ov1::HOP_KIND_APPLIED]);
  throughput.set_not_sent(hops[ov1::HOP_KIND_NOT_SENT]);
  throughput.set_refused(hops[ov1::HOP_KIND_REFUSED]);
  return throughput;
}

ov1::Latency Recent::LatencyAt(absl::Time now) const {
  std::array<std::uint64_t, kSteps> took{};
  std::uint64_t all = 0;
  for (const Minute& minute : minutes_) {
    if (MinuteOf(now) - minute.minute >= kMinutes) continue;
    for (int i = 0; i < kSteps; ++i) {
      took[i] += minute.took[i];
      all += minute.took[i];
    }
  }
  ov1::Latency latency;
  if (all == 0) return latency;
  latency.set_letters(all);
  const auto at = [&](double share) {
    const auto wanted = static_cast<std::uint64_t>(std::ceil(share * static_cast<double>(all)));
    std::uint64_t before = 0;
    int step = 0;
    while (step < kSteps - 1 && (before += took[step]) < wanted) ++step;
    return EndOf(step);
  };
  *latency.mutable_p50() = at(0.5);
  *latency.mutable_p95() = at(0.95);
  *latency.mutable_p99() = at(0.99);
  return latency;
}

}  // namespace exitbus::console
