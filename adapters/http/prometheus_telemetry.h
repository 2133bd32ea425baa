// Counts and gauges served to Prometheus at /metrics; log lines and hops are passed on to another
// telemetry and counted here too.
//
// A counter "bus.published" is served as exitbus_bus_published_total, a gauge "queue.length" as
// exitbus_queue_length; hops as exitbus_hops_total{channel, hop, failure_class}, log lines as
// exitbus_log_lines_total{severity}. What each means is said with it
// (metric_help.cc). A label's value is a name; anything longer or in prose, as libraries and peers
// put it, is served as "other". Labels must take few values: past ten thousand series new ones
// are dropped, and exitbus_series_dropped_total says how often.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "services/exchange/ports/telemetry.h"

namespace exitbus::adapters {

// Thread-safe. Destroying it takes up to two seconds, for which the HTTP library sleeps.
class PrometheusTelemetry final : public exchange::Telemetry {
 public:
  // Serves at `address`, e.g. "127.0.0.1:9090"; port 0 chooses a free one. `next` outlives the
  // telemetry. UNAVAILABLE: the address cannot be listened on.
  static absl::StatusOr<std::unique_ptr<PrometheusTelemetry>> Serve(const std::string& address,
                                                                    exchange::Telemetry* next);
  ~PrometheusTelemetry() override;

  int port() const;

  void Log(exchange::Severity severity, std::string_view event,
           const exchange::Labels& fields) override;
  void Count(std::string_view counter, const exchange::Labels& labels, double by) override;
  void Set(std::string_view gauge, const exchange::Labels& labels, double value) override;
  void Record(const exchange::Hop& hop) override;

 private:
  class Series;

  PrometheusTelemetry(std::unique_ptr<Series> series, exchange::Telemetry* next);

  const std::unique_ptr<Series> series_;
  exchange::Telemetry* const next_;
};

}  // namespace exitbus::adapters
