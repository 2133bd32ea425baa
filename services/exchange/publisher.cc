#include "services/exchange/publisher.h"

#include <algorithm>
#include <utility>

#include "services/exchange/environment.h"
#include "services/exchange/ports/telemetry.h"
#include "services/exchange/ports/time.h"

namespace exitbus::exchange {

void Publisher::Publish(Priority priority, BusRecord record, Bus::Done done) {
  const absl::Time stamped = record.timestamp;
  environment_->bus->Publish(
      priority, std::move(record),
      [this, stamped, done = std::move(done)](absl::StatusOr<PublishedAt> result) mutable {
        if (absl::IsOutOfRange(result.status())) Refused(stamped);
        if (result.ok()) Taken();
        done(std::move(result));
      });
}

void Publisher::Refused(absl::Time stamped) {
  environment_->telemetry->Count("bus.clock_refused", {});
  environment_->telemetry->Set("clock.refused_by_broker", {}, 1);
  if (!std::exchange(refused_, true)) {
    environment_->telemetry->Log(
        Severity::kError, "bus.clock_refused",
        {{"stamped", absl::FormatTime(absl::RFC3339_sec, stamped, absl::UTCTimeZone())},
         {"remedy",
          "the broker takes no record with this time: set this machine's clock, or the broker's, "
          "by NTP; what waits goes then"}});
  }
  if (std::exchange(closed_, true)) return;
  environment_->executor->PostAfter(back_off_, [this] {
    closed_ = false;
    if (open()) on_open_();
  });
  back_off_ = std::min(back_off_ * 2, kLastBackOff);
}

void Publisher::Taken() {
  if (!std::exchange(refused_, false)) return;
  back_off_ = kFirstBackOff;
  environment_->telemetry->Set("clock.refused_by_broker", {}, 0);
  environment_->telemetry->Log(Severity::kInfo, "bus.clock_accepted", {});
}

}  // namespace exitbus::exchange
