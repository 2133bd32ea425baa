#include "adapters/memory/recording_telemetry.h"

namespace exitbus::adapters {
namespace {

using exchange::Hop;
using exchange::Labels;
using exchange::Severity;

void AppendLabels(const Labels& labels, std::string& text) {
  for (const auto& [name, value] : labels) text += " " + name + "=" + value;
  text += "\n";
}

}  // namespace

void RecordingTelemetry::Log(Severity severity, std::string_view event, const Labels& fields) {
  const std::lock_guard lock(mutex_);
  lines_.push_back({severity, std::string(event), fields});
}

void RecordingTelemetry::Count(std::string_view counter, const Labels& labels, double by) {
  const std::lock_guard lock(mutex_);
  counters_[{std::string(counter), labels}] += by;
}

void RecordingTelemetry::Set(std::string_view gauge, const Labels& labels, double value) {
  const std::lock_guard lock(mutex_);
  gauges_[{std::string(gauge), labels}] = value;
}

void RecordingTelemetry::Record(const Hop& hop) {
  const std::lock_guard lock(mutex_);
  hops_.push_back(hop);
}

std::vector<RecordingTelemetry::Line> RecordingTelemetry::lines() const {
  const std::lock_guard lock(mutex_);
  return lines_;
}

std::vector<RecordingTelemetry::Line> RecordingTelemetry::LinesOf(std::string_view event) const {
  const std::lock_guard lock(mutex_);
  std::vector<Line> found;
  for (const Line& line : lines_) {
    if (line.event == event) found.push_back(line);
  }
  return found;
}

std::vector<Hop> RecordingTelemetry::hops() const {
  const std::lock_guard lock(mutex_);
  return hops_;
}

double RecordingTelemetry::Total(std::string_view counter) const {
  const std::lock_guard lock(mutex_);
  double total = 0;
  for (const auto& [series, value] : counters_) {
    if (series.first == counter) total += value;
  }
  return total;
}

double RecordingTelemetry::Total(std::string_view counter, const Labels& labels) const {
  const std::lock_guard lock(mutex_);
  const auto found = counters_.find({std::string(counter), labels});
  return found == counters_.end() ? 0 : found->second;
}

double RecordingTelemetry::Gauge(std::string_view gauge, const Labels& labels) const {
  const std::lock_guard lock(mutex_);
  const auto found = gauges_.find({std::string(gauge), labels});
  return found == gauges_.end() ? 0 : found->second;
}

std::string RecordingTelemetry::Text() const {
  const std::lock_guard lock(mutex_);
  std::string text;
  for (const Line& line : lines_) {
    text += line.event;
    AppendLabels(line.fields, text);
  }
  for (const Hop& hop : hops_) {
    text += hop.hop_id + " " + hop.channel + " " + hop.hop + " " + hop.failure_class + "\n";
  }
  for (const auto* series : {&counters_, &gauges_}) {
    for (const auto& [name_and_labels, value] : *series) {
      text += name_and_labels.first;
      AppendLabels(name_and_labels.second, text);
    }
  }
  return text;
}

void RecordingTelemetry::Clear() {
  const std::lock_guard lock(mutex_);
  lines_.clear();
  hops_.clear();
  counters_.clear();
  gauges_.clear();
}

}  // namespace exitbus::adapters
