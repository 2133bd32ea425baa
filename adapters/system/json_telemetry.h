// Log lines for machines: one JSON object a line on stderr,
//
//   {"time":"2026-03-02T09:00:00.000Z","level":"warning","service":"nec",
//    "event":"bus.unavailable","fields":{"why":"…"}}
//
// and hops as lines of the event "hop". Of what is no mere information there are 60 lines a minute
// and event; the next one says how many were "left_out". Counts and gauges are not logged; wrap
// this in a PrometheusTelemetry (adapters/http) to have them.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "adapters/system/line_limiter.h"
#include "adapters/system/stderr_lines.h"
#include "services/exchange/ports/telemetry.h"
#include "services/exchange/ports/time.h"

namespace exitbus::adapters {

enum class HopLines { kNone, kFailures, kAll };

struct JsonTelemetryOptions {
  std::string service;  // stands in every line
  exchange::Severity least = exchange::Severity::kInfo;
  HopLines hops = HopLines::kFailures;
};

// Thread-safe, and never blocks: a line that stderr does not take in time is dropped and counted. A
// line is written whole. Text that is not UTF-8 is written with replacement
// characters.
class JsonTelemetry final : public exchange::Telemetry {
 public:
  // `clock` outlives the telemetry.
  JsonTelemetry(JsonTelemetryOptions options, const exchange::Clock* clock);

  void Log(exchange::Severity severity, std::string_view event,
           const exchange::Labels& fields) override;
  void Count(std::string_view counter, const exchange::Labels& labels, double by) override {}
  void Set(std::string_view gauge, const exchange::Labels& labels, double value) override {}
  void Record(const exchange::Hop& hop) override;

  std::uint64_t lines_lost() const { return lines_.lost(); }

 private:
  const JsonTelemetryOptions options_;
  const exchange::Clock* const clock_;
  LineLimiter limiter_;
  StderrLines lines_;
};

}  // namespace exitbus::adapters
