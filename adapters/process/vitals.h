// What a process watches of itself: the room on its disk, its descriptors, whether its log is read.
#pragma once

#include <cstdint>
#include <memory>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "adapters/system/disk_reserve.h"

namespace exitbus::config::v1 {
class ServiceConfig;
}
namespace exitbus::exchange {
class Telemetry;
}

namespace exitbus::adapters {

class JsonTelemetry;

// Used on one thread, MakeRoom on any.
class Vitals {
 public:
  // Bounds the descriptors and sets room aside in the data folder, which exists. Both outlive it.
  // FAILED_PRECONDITION: the system allows too few descriptors.
  static absl::StatusOr<std::unique_ptr<Vitals>> Start(const config::v1::ServiceConfig& config,
                                                       const JsonTelemetry* log,
                                                       exchange::Telemetry* telemetry);

  // The store found the disk full. True: it may try again.
  bool MakeRoom() { return reserve_->GiveUp(); }

  // Every second or so: looks, sets the gauges, alarms.
  void Look();

  // As of the last look.
  bool disk_full() const { return disk_full_; }

 private:
  Vitals(std::uint32_t descriptors_max, std::unique_ptr<DiskReserve> reserve,
         const JsonTelemetry* log, exchange::Telemetry* telemetry);

  void LookAtDisk();
  void LookAtMemory();
  void LookAtDescriptors();
  void LookAtLog();

  const std::uint32_t descriptors_max_;
  const std::unique_ptr<DiskReserve> reserve_;
  const JsonTelemetry* const log_;
  exchange::Telemetry* const telemetry_;
  bool disk_full_ = false;
  absl::Time reported_disk_ = absl::InfinitePast();
  absl::Time reported_descriptors_ = absl::InfinitePast();
  std::uint64_t lines_lost_ = 0;           // a moment ago
  std::uint64_t lines_lost_reported_ = 0;  // in the log
};

}  // namespace exitbus::adapters
