#include "services/exchange/not_now.h"

#include "services/exchange/environment.h"
#include "services/exchange/publisher.h"
#include "services/exchange/standstills.h"

namespace exitbus::exchange {
namespace {

Refusal ClockRefused() {
  return RefusedBy(
      "clock.refused_by_broker",
      "Nothing was changed: the broker says that this service's clock is wrong, or its "
      "own is, and what this signs says when. Have your operators set the clock; then "
      "repeat with the same request_id.",
      absl::StatusCode::kUnavailable);
}

Refusal UnderMaintenance() {
  return RefusedBy("maintenance.under_way",
                   "Nothing was changed: this service's operators work on it for some minutes. "
                   "Reading goes on, and so does what protects people. Repeat with the same "
                   "request_id then; exitbus-maintenance says until when.",
                   absl::StatusCode::kUnavailable);
}

}  // namespace

Refusal DiskFull() {
  return RefusedBy("store.disk_full",
                   "Nothing was changed: this service's disk is full, and nothing can be changed "
                   "until its operators have made room. Reading goes on, and so does what protects "
                   "people. Repeat with the same request_id then.",
                   absl::StatusCode::kUnavailable);
}

std::optional<Refusal> NotNow(const Environment& environment, Needs needs) {
  if (needs == Needs::kNothing) return std::nullopt;
  if (environment.disk_full) return DiskFull();
  if (environment.standstills != nullptr && environment.standstills->InMaintenance()) {
    return UnderMaintenance();
  }
  const bool clock_is_wrong =
      environment.publisher != nullptr && environment.publisher->clock_is_refused();
  if (needs == Needs::kInstant && clock_is_wrong) return ClockRefused();
  return std::nullopt;
}

}  // namespace exitbus::exchange
