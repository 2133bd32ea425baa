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
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "adapters/http/metric_help.h"

namespace exitbus::adapters {
namespace {

using exchange::Labels;
using exchange::Severity;

constexpr std::size_t kSeriesMax = 10'000;
constexpr std::size_t kLabelBytesMax = 100;

// Letters, digits and underscores: valid after a letter, whatever the name.
std::string Plain(std::string_view name) {
  std::string plain(name);
  for (char& c : plain) {
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    if (!letter && !(c >= '0' && c <= '9')) c = '_';
  }
  return plain;
}

bool IsName(std::string_view value) {
  return value.size() <= kLabelBytesMax && std::all_of(value.begin(), value.end(), [](char c) {
           return absl::ascii_isalnum(static_cast<unsigned char>(c)) ||
                  std::string_view("._-:/").find(c) != std::string_view::npos;
         });
}

std::string HelpFor(std::string_view name) {
  const std::string_view help = HelpOf(name);
  return std::string(help.empty() ? name : help);
}

prometheus::Labels PlainLabels(const Labels& labels) {
  prometheus::Labels plain;
  for (const auto& [name, value] : labels) {
    const bool starts_plainly = !name.empty() && name[0] >= 'a' && name[0] <= 'z';
    plain[starts_plainly ? Plain(name) : "label_" + Plain(name)] = value;
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
        dropped_(&prometheus::BuildCounter()
                      .Name("exitbus_series_dropped_total")
                      .Help("Values without a series, because there are too many series")
                      .Register(*registry_)
                      .Add({})),
        exposer_({"listening_ports", address, "num_threads", "2"}) {
    exposer_.RegisterCollectable(registry_);
  }

  int port() const { return exposer_.GetListeningPorts().at(0); }

  void Count(std::string_view name, const Labels& labels, double by) {
    const std::lock_guard lock(mutex_);
    prometheus::Counter* counter = Find(counters_, name, labels, [&](const Labels& said) {
      return &prometheus::BuildCounter()
                  .Name("exitbus_" + Plain(name) + "_total")
                  .Help(HelpFor(name))
                  .Register(*registry_)
                  .Add(PlainLabels(said));
    });
    if (counter != nullptr) counter->Increment(by);
  }

  void Set(std::string_view name, const Labels& labels, double value) {
    const std::lock_guard lock(mutex_);
    prometheus::Gauge* gauge = Find(gauges_, name, labels, [&](const Labels& said) {
      return &prometheus::BuildGauge()
                  .Name("exitbus_" + Plain(name))
                  .Help(HelpFor(name))
                  .Register(*registry_)
                  .Add(PlainLabels(said));
    });
    if (gauge != nullptr) gauge->Set(value);
  }

 private:
  template <typename Metric>
  using Known = std::map<std::pair<std::string, Labels>, Metric*>;

  // With mutex_ held.
  template <typename Metric, typename Make>
  Metric* Find(Known<Metric>& known, std::string_view name, const Labels& labels, Make make) {
    std::pair<std::string, Labels> key(name, labels);
    for (auto& [label, value] : key.second) {
      if (!IsName(value)) value = "other";
    }
    const auto found = known.find(key);
    if (found != known.end()) return found->second;
    if (counters_.size() + gauges_.size() >= kSeriesMax) {
      dropped_->Increment();
      return nullptr;
    }
    Metric* made = make(key.second);
    return known.emplace(std::move(key), made).first->second;
  }

  const std::shared_ptr<prometheus::Registry> registry_;
  prometheus::Counter* const dropped_;
  std::mutex mutex_;  // guards the two below
  Known<prometheus::Counter> counters_;
  Known<prometheus::Gauge> gauges_;
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
