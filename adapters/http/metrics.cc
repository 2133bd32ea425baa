#include "adapters/http/metrics.h"

#include <algorithm>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "services/exchange/ports/fault.h"

namespace exitbus::adapters {
namespace {

constexpr char kTable[] =
#include "adapters/http/metrics.inc"
    ;

struct Table {
  std::vector<Metric> metrics;
  std::vector<MetricLabel> labels;
};

void AddLine(const std::string& line, std::string& section, Table& table) {
  if (absl::StartsWith(line, "# ")) {
    section = line.substr(2);
    return;
  }
  const std::vector<std::string> parts = absl::StrSplit(line, absl::MaxSplits(": ", 1));
  std::vector<std::string> words = absl::StrSplit(parts[0], ' ');
  std::size_t values_max = 0;
  if (parts.size() == 2 && words.size() == 3 && words[0] == "label" &&
      absl::SimpleAtoi(words[2], &values_max)) {
    table.labels.push_back({words[1], values_max, parts[1]});
  } else if (parts.size() == 2 && words.size() > 1 &&
             (words[0] == "counter" || words[0] == "gauge")) {
    const MetricType type = words[0] == "counter" ? MetricType::kCounter : MetricType::kGauge;
    const std::string name = words[1];
    words.erase(words.begin(), words.begin() + 2);
    table.metrics.push_back({section, type, name, std::move(words), parts[1]});
  } else {
    exchange::ProgramFault("the table of metrics is wrong", line);
  }
}

const Table& TheTable() {
  static const Table* const table = [] {
    auto* read = new Table;
    std::string section;
    const std::vector<std::string> lines = absl::StrSplit(kTable, '\n', absl::SkipEmpty());
    for (const std::string& line : lines) AddLine(line, section, *read);
    return read;
  }();
  return *table;
}

template <class Named>
const Named* Find(const std::vector<Named>& all, std::string_view name) {
  const auto found =
      std::find_if(all.begin(), all.end(), [&](const Named& one) { return one.name == name; });
  return found == all.end() ? nullptr : &*found;
}

}  // namespace

const std::vector<Metric>& Metrics() { return TheTable().metrics; }
const std::vector<MetricLabel>& MetricLabels() { return TheTable().labels; }
const Metric* FindMetric(std::string_view name) { return Find(Metrics(), name); }
const MetricLabel* FindMetricLabel(std::string_view name) { return Find(MetricLabels(), name); }

std::string PlainName(std::string_view name) {
  std::string plain(name);
  for (char& c : plain) {
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    if (!letter && !(c >= '0' && c <= '9')) c = '_';
  }
  return plain;
}

std::string ServedName(MetricType type, std::string_view name) {
  return absl::StrCat(name.rfind("process.", 0) == 0 ? "" : "exitbus_", PlainName(name),
                      type == MetricType::kCounter ? "_total" : "");
}

std::string UnitOf(const Metric& metric) {
  for (const char* unit : {"seconds", "bytes"}) {
    if (absl::EndsWith(metric.name, absl::StrCat("_", unit))) return unit;
  }
  return "";
}

}  // namespace exitbus::adapters
