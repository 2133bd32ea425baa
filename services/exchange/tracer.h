// Telemetry on its way to the console: what passes here goes on as it is, and the hops and figures
// that the console is told (exitbus.operations.v1) are gathered beside. Nothing of log lines is
// kept.
#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "services/exchange/ports/telemetry.h"

namespace exitbus::operations::v1 {
class Standing;
class TraceRecord;
}  // namespace exitbus::operations::v1

namespace exitbus::exchange {

class Clock;

// Thread-safe.
class Tracer final : public Telemetry {
 public:
  static constexpr std::size_t kHopsKept = 4000;  // of more the oldest are left out, and counted

  // Both outlive it. `clock` is the machine's.
  Tracer(Telemetry* next, const Clock* clock) : next_(next), clock_(clock) {}

  void Log(Severity severity, std::string_view event, const Labels& fields) override;
  void Count(std::string_view counter, const Labels& labels, double by) override;
  void Set(std::string_view gauge, const Labels& labels, double value) override;
  void Record(const Hop& hop) override;

  // The hops since the last call, up to `hops_max` of them.
  void TakeHops(std::size_t hops_max, operations::v1::TraceRecord& told);
  // What the gauges say of process, papers, clocks and store.
  void Tell(operations::v1::Standing& standing) const;

 private:
  // With mutex_ held.
  std::optional<double> Gauge(std::string_view name) const;
  void TellPapers(operations::v1::Standing& standing) const;
  void TellClocks(operations::v1::Standing& standing) const;

  Telemetry* const next_;
  const Clock* const clock_;
  mutable std::mutex mutex_;  // guards all below
  std::vector<Hop> hops_;     // with the machine's time
  std::uint64_t left_out_ = 0;
  std::map<std::string, std::map<Labels, double>, std::less<>> gauges_;  // those that are told
  std::uint64_t missed_ = 0;                                             // deadlines, alarmed
};

}  // namespace exitbus::exchange
