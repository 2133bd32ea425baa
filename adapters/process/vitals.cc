#include "adapters/process/vitals.h"

#include <utility>

#include "absl/time/clock.h"
#include "adapters/system/descriptors.h"
#include "adapters/system/json_telemetry.h"
#include "adapters/system/memory.h"
#include "exitbus/config/v1/config.pb.h"
#include "services/exchange/ports/status_macros.h"
#include "services/exchange/ports/telemetry.h"

namespace exitbus::adapters {
namespace {

using exchange::Severity;

constexpr std::uint64_t kMebibyte = 1 << 20;
constexpr absl::Duration kReportedAgainAfter = absl::Hours(1);
constexpr double kDescriptorsLow = 0.8;

}  // namespace

absl::StatusOr<std::unique_ptr<Vitals>> Vitals::Start(const config::v1::ServiceConfig& config,
                                                      const JsonTelemetry* log,
                                                      exchange::Telemetry* telemetry) {
  const std::uint32_t descriptors = config.limits().descriptors_max();
  RETURN_IF_ERROR(SetDescriptorsMax(descriptors));
  ASSIGN_OR_RETURN(auto reserve, DiskReserve::Open(config.data_folder() + "/reserve",
                                                   config.limits().disk_reserve_mib() * kMebibyte));
  std::unique_ptr<Vitals> vitals(new Vitals(descriptors, std::move(reserve), log, telemetry));
  telemetry->Set("process.start_time_seconds", {},
                 absl::ToDoubleSeconds(absl::Now() - absl::UnixEpoch()));
  vitals->Look();
  return vitals;
}

Vitals::Vitals(std::uint32_t descriptors_max, std::unique_ptr<DiskReserve> reserve,
               const JsonTelemetry* log, exchange::Telemetry* telemetry)
    : descriptors_max_(descriptors_max),
      reserve_(std::move(reserve)),
      log_(log),
      telemetry_(telemetry) {}

void Vitals::Look() {
  LookAtDisk();
  LookAtMemory();
  LookAtDescriptors();
  LookAtLog();
}

void Vitals::LookAtDisk() {
  const bool full = reserve_->IsFull();
  telemetry_->Set("store.disk_full", {}, full ? 1 : 0);
  telemetry_->Set("store.disk_free_bytes", {}, static_cast<double>(reserve_->free_bytes()));
  const bool changed = full != std::exchange(disk_full_, full);
  const absl::Time now = absl::Now();
  if (full && (changed || now - reported_disk_ >= kReportedAgainAfter)) {
    reported_disk_ = now;
    telemetry_->Log(Severity::kError, "store.disk_full",
                    {{"remedy",
                      "make room on the disk of data_folder; until then changes are "
                      "refused, letters wait, and reads live on the reserve"}});
  }
  if (!full && changed) telemetry_->Log(Severity::kInfo, "store.disk_has_room", {});
}

void Vitals::LookAtMemory() {
  telemetry_->Set("process.resident_memory_bytes", {}, static_cast<double>(ResidentBytes()));
}

void Vitals::LookAtDescriptors() {
  const std::uint32_t open = DescriptorsOpen();
  telemetry_->Set("process.open_fds", {}, open);
  telemetry_->Set("process.max_fds", {}, descriptors_max_);
  const absl::Time now = absl::Now();
  if (open < kDescriptorsLow * descriptors_max_ ||
      now - reported_descriptors_ < kReportedAgainAfter) {
    return;
  }
  reported_descriptors_ = now;
  telemetry_->Log(
      Severity::kError, "process.descriptors_low",
      {{"open", std::to_string(open)},
       {"max", std::to_string(descriptors_max_)},
       {"remedy", "see who holds so many connections, or raise limits.descriptors_max"}});
}

void Vitals::LookAtLog() {
  const std::uint64_t lost = log_->lines_lost();
  // Told when it is over: until then the line would be among those that are lost.
  const std::uint64_t more = lost - std::exchange(lines_lost_, lost);
  telemetry_->Count("log.lines_lost", {}, static_cast<double>(more));
  if (more > 0 || lost == lines_lost_reported_) return;
  lines_lost_reported_ = lost;
  telemetry_->Log(Severity::kWarning, "log.lines_lost", {{"in_all", std::to_string(lost)}});
}

}  // namespace exitbus::adapters
