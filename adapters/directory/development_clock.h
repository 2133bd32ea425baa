// The domain's time in development: the machine's clock with an offset and a rate, from a file that
// may change while the service runs (exitbus/config/v1/clock.proto).
#pragma once

#include <memory>
#include <mutex>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "exitbus/config/v1/clock.pb.h"
#include "services/exchange/ports/time.h"

namespace exitbus::adapters {

// INVALID_ARGUMENT naming the file and every mistake; NOT_FOUND, UNAVAILABLE: it cannot be read.
absl::StatusOr<config::v1::DevelopmentClock> LoadDevelopmentClock(const std::string& file);
absl::Status WriteDevelopmentClock(const std::string& file,
                                   const config::v1::DevelopmentClock& clock);

// What the clock shows when the machine's clock shows `wall`.
absl::Time TimeOf(const config::v1::DevelopmentClock& clock, absl::Time wall);

// Thread-safe.
class DevelopmentClock final : public exchange::Clock {
 public:
  // `wall` outlives it. Errors as of LoadDevelopmentClock.
  static absl::StatusOr<std::unique_ptr<DevelopmentClock>> Open(const std::string& file,
                                                                const exchange::Clock* wall);

  absl::Time Now() const override;

  // Reads the file again. True: it says something new, in force from now on. An error, as of
  // LoadDevelopmentClock or FAILED_PRECONDITION where the clock would run back: it is not taken,
  // and what was in force stays.
  absl::StatusOr<bool> Refresh();

 private:
  DevelopmentClock(std::string file, const exchange::Clock* wall,
                   config::v1::DevelopmentClock clock)
      : file_(std::move(file)), wall_(wall), clock_(std::move(clock)) {}

  const std::string file_;
  const exchange::Clock* const wall_;
  mutable std::mutex mutex_;
  config::v1::DevelopmentClock clock_;  // guarded by mutex_
};

}  // namespace exitbus::adapters
