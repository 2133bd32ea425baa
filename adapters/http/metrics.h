// What metrics there are: the one place that /metrics, docs/metrics.md and Grafana's dashboard are
// made from. The table is metrics.inc:
//   # a section
//   counter or gauge, name in the code, labels: what it means
//   label, name, how many values it may take in one process: what they are
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace exitbus::adapters {

enum class MetricType { kCounter, kGauge };

struct Metric {
  std::string section;
  MetricType type;
  std::string name;  // in the code, e.g. "bus.disconnects"
  std::vector<std::string> labels;
  std::string help;
};

struct MetricLabel {
  std::string name;
  std::size_t values_max;
  std::string help;
};

// As they stand in the table.
const std::vector<Metric>& Metrics();
const std::vector<MetricLabel>& MetricLabels();

// Null: none such.
const Metric* FindMetric(std::string_view name);
const MetricLabel* FindMetricLabel(std::string_view name);

// Letters, digits and underscores only.
std::string PlainName(std::string_view name);

// The name at /metrics: "exitbus_bus_disconnects_total". What begins with "process." has the name
// that Prometheus' own clients give it, without "exitbus_", so that common dashboards and rules
// hold.
std::string ServedName(MetricType type, std::string_view name);

// "seconds", "bytes"; empty: it counts things, or is 0 or 1.
std::string UnitOf(const Metric& metric);

}  // namespace exitbus::adapters
