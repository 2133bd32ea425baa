#include "adapters/http/prometheus_telemetry.h"

#include <prometheus/counter.h>
#include <prometheus/exposer.h>
#include <prometheus/family.h>
#include <prometheus/gauge.h>
#include <prometheus/registry.h>

#include <algorithm>
#include <exception>
#include <map>
#include <mutex>
#include <set>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "adapters/http/metrics.h"

namespace exitbus::adapters {
namespace {

using exchange::Labels;
using exchange::Severity;

constexpr std::size_t kSeriesMax = 10'000;
constexpr std::size_t kLabelBytesMax = 100;
constexpr std::size_t kCprNumberDigits = 10;
constexpr char kOther[] = "other";

// No name of ours has as many digits in a row, hyphens between them or not.
bool HasCprNumber(std::string_view value) {
  std::size_t digits = 0;
  for (const char c : value) {
    if (c == '-') continue;
    digits = absl::ascii_isdigit(static_cast<unsigned char>(c)) ? digits + 1 : 0;
    if (digits == kCprNumberDigits) return true;
  }
  return false;
}

bool IsName(std::string_view value) {
  return value.size() <= kLabelBytesMax && !HasCprNumber(value) &&
         std::all_of(value.begin(), value.end(), [](char c) {
           return absl::ascii_isalnum(static_cast<unsigned char>(c)) ||
                  std::string_view("._-:/").find(c) != std::string_view::npos;
         });
}

std::string HelpFor(std::string_view name) {
  const Metric* metric = FindMetric(name);
  return metric == nullptr ? std::string(name) : metric->help;
}

prometheus::Labels PlainLabels(const Labels& labels) {
  prometheus::Labels plain;
  for (const auto& [name, value] : labels) {
    const bool starts_plainly = !name.empty() && name[0] >= 'a' && name[0] <= 'z';
    plain[starts_plainly ? PlainName(name) : "label_" + PlainName(name)] = value;
  }
  return plain;
}

std::string_view SeverityName(Severity severity) {
  switch (severity) {
    case Severity::kInfo:
      return "info";
    case Severity::kWarning:
      return "warning";
    case Severity::kError:
      return "error";
  }
  return "error";
}

}  // namespace

// The series known so far, found without asking the registry again.
class PrometheusTelemetry::Series {
 public:
  explicit Series(const std::string& address)
      : registry_(std::make_shared<prometheus::Registry>()),
        exposer_({"listening_ports", address, "num_threads", "2"}) {
    // From 0 on, or nobody could tell that the first one came.
    for (const Metric& metric : Metrics()) {
      if (metric.type == MetricType::kCounter && metric.labels.empty()) CounterOf(metric.name, {});
    }
    exposer_.RegisterCollectable(registry_);
  }

  int port() const { return exposer_.GetListeningPorts().at(0); }

  void Count(std::string_view name, const Labels& labels, double by) {
    const std::lock_guard lock(mutex_);
    prometheus::Counter* counter = CounterOf(name, labels);
    if (counter == nullptr) counter = CounterOf("series_dropped", {});
    counter->Increment(by);
  }

  void Set(std::string_view name, const Labels& labels, double value) {
    const std::lock_guard lock(mutex_);
    prometheus::Gauge* gauge = Find(gauges_, name, labels, [&](const Labels& said) {
      return &prometheus::BuildGauge()
                  .Name(ServedName(MetricType::kGauge, name))
                  .Help(HelpFor(name))
                  .Register(*registry_)
                  .Add(PlainLabels(said));
    });
    gauge == nullptr ? CounterOf("series_dropped", {})->Increment() : gauge->Set(value);
  }

 private:
  template <typename Metric>
  using Known = std::map<std::pair<std::string, Labels>, Metric*>;

  // All below with mutex_ held. Null: there are too many series.
  prometheus::Counter* CounterOf(std::string_view name, const Labels& labels) {
    return Find(counters_, name, labels, [&](const Labels& said) {
      return &prometheus::BuildCounter()
                  .Name(ServedName(MetricType::kCounter, name))
                  .Help(HelpFor(name))
                  .Register(*registry_)
                  .Add(PlainLabels(said));
    });
  }

  template <typename Metric, typename Make>
  Metric* Find(Known<Metric>& known, std::string_view name, const Labels& labels, Make make) {
    std::pair<std::string, Labels> key(name, labels);
    for (auto& [label, value] : key.second) value = Bounded(key.first, label, std::move(value));
    const auto found = known.find(key);
    if (found != known.end()) return found->second;
    if (counters_.size() + gauges_.size() >= kSeriesMax) return nullptr;
    Metric* made = make(key.second);
    return known.emplace(std::move(key), made).first->second;
  }

  // The value, or "other" where it is no name, or one more than the label may have.
  std::string Bounded(const std::string& metric, const std::string& label, std::string value) {
    if (!IsName(value)) return kOther;
    std::set<std::string>& seen = values_[{metric, label}];
    if (seen.contains(value)) return value;
    const MetricLabel* declared = FindMetricLabel(label);
    if (seen.size() >= (declared == nullptr ? kSeriesMax : declared->values_max)) return kOther;
    seen.insert(value);
    return value;
  }

  const std::shared_ptr<prometheus::Registry> registry_;
  std::mutex mutex_;  // guards the three below
  Known<prometheus::Counter> counters_;
  Known<prometheus::Gauge> gauges_;
  std::map<std::pair<std::string, std::string>, std::set<std::string>> values_;  // by metric, label
  prometheus::Exposer exposer_;  // last, so that it stops serving first
};

PrometheusTelemetry::PrometheusTelemetry(std::unique_ptr<Series> series, exchange::Telemetry* next)
    : series_(std::move(series)), next_(next) {}

PrometheusTelemetry::~PrometheusTelemetry() = default;

absl::StatusOr<std::unique_ptr<PrometheusTelemetry>> PrometheusTelemetry::Serve(
    const std::string& address, exchange::Telemetry* next) {
  // The library tells a taken port by an exception.
  try {
    return std::unique_ptr<PrometheusTelemetry>(
        new PrometheusTelemetry(std::make_unique<Series>(address), next));
  } catch (const std::exception& failure) {
    return absl::UnavailableError("metrics cannot be served at " + address + ": " + failure.what());
  }
}

int PrometheusTelemetry::port() const { return series_->port(); }

void PrometheusTelemetry::Log(Severity severity, std::string_view event, const Labels& fields) {
  series_->Count("log_lines", {{"severity", std::string(SeverityName(severity))}}, 1);
  next_->Log(severity, event, fields);
}

void PrometheusTelemetry::Count(std::string_view counter, const Labels& labels, double by) {
  series_->Count(counter, labels, by);
}

void PrometheusTelemetry::Set(std::string_view gauge, const Labels& labels, double value) {
  series_->Set(gauge, labels, value);
}

void PrometheusTelemetry::Record(const exchange::Hop& hop) {
  series_->Count("hops",
                 {{"channel", hop.channel}, {"hop", hop.hop}, {"failure_class", hop.failure_class}},
                 1);
  next_->Record(hop);
}

}  // namespace exitbus::adapters
