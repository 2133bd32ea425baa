// Telemetry that remembers everything, for assertions: what was logged, counted, set, and which
// hops a message made.
#pragma once

#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "services/exchange/ports/telemetry.h"

namespace exitbus::adapters {

class RecordingTelemetry final : public exchange::Telemetry {
 public:
  struct Line {
    exchange::Severity severity;
    std::string event;
    exchange::Labels fields;
  };

  void Log(exchange::Severity severity, std::string_view event,
           const exchange::Labels& fields) override;
  void Count(std::string_view counter, const exchange::Labels& labels, double by) override;
  void Set(std::string_view gauge, const exchange::Labels& labels, double value) override;
  void Record(const exchange::Hop& hop) override;

  std::vector<Line> lines() const;
  std::vector<Line> LinesOf(std::string_view event) const;
  std::vector<exchange::Hop> hops() const;

  // A counter's sum over all its labels, or with exactly `labels`; 0 if never counted.
  double Total(std::string_view counter) const;
  double Total(std::string_view counter, const exchange::Labels& labels) const;
  // A gauge's last value with exactly `labels`; 0 if never set.
  double Gauge(std::string_view gauge, const exchange::Labels& labels) const;

  // Everything ever told, as one text: search it for what must never be told.
  std::string Text() const;
  void Clear();

 private:
  using Series = std::pair<std::string, exchange::Labels>;

  mutable std::mutex mutex_;  // guards all below
  std::vector<Line> lines_;
  std::vector<exchange::Hop> hops_;
  std::map<Series, double> counters_;
  std::map<Series, double> gauges_;
};

}  // namespace exitbus::adapters
