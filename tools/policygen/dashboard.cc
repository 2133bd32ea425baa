#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/strip.h"
#include "adapters/http/metrics.h"
#include "services/exchange/ports/fault.h"
#include "tools/policygen/generators.h"

namespace exitbus::policygen {
namespace {

using adapters::Metric;
using adapters::MetricType;
using Json = nlohmann::ordered_json;

// What is looked at first; the row that stands open.
constexpr const char* kFirst[] = {"bus_up",
                                  "outbox.oldest_age_seconds",
                                  "outbox.unreceipted",
                                  "hops",
                                  "dead_letters",
                                  "letters.parked_bytes",
                                  "store.disk_free_bytes",
                                  "api.calls",
                                  "log_lines",
                                  "correspondences.stopped_now",
                                  "store.behind_peers",
                                  "certificates.end_timestamp_seconds"};

constexpr int kColumns = 3;
constexpr int kWidth = 8;  // of Grafana's 24
constexpr int kHeight = 7;

bool IsInstant(const Metric& metric) { return absl::EndsWith(metric.name, "timestamp_seconds"); }

// Of an instant how far off it is; of a counter how often a second.
std::string ExpressionOf(const Metric& metric) {
  const std::string served =
      absl::StrCat(adapters::ServedName(metric.type, metric.name), "{instance=~\"$instance\"}");
  if (metric.type == MetricType::kCounter)
    return absl::StrCat("rate(", served, "[$__rate_interval])");
  return IsInstant(metric) ? absl::StrCat(served, " - time()") : served;
}

std::string LegendOf(const Metric& metric) {
  const auto part = [](std::string* out, const std::string& label) {
    absl::StrAppend(out, " {{", label, "}}");
  };
  return absl::StrCat("{{instance}}", metric.labels.empty() ? "" : " ",
                      absl::StripPrefix(absl::StrJoin(metric.labels, "", part), " "));
}

std::string PanelUnitOf(const Metric& metric) {
  if (metric.type == MetricType::kCounter) return "cps";
  const std::string unit = adapters::UnitOf(metric);
  return unit == "seconds" ? "s" : unit == "bytes" ? "bytes" : "short";
}

class Dashboard {
 public:
  void Row(const std::string& title, bool collapsed) {
    FinishLine();
    panels_.push_back({{"id", ++id_},
                       {"type", "row"},
                       {"title", title},
                       {"collapsed", collapsed},
                       {"gridPos", Place(kColumns * kWidth, 1)},
                       {"panels", Json::array()}});
    ++y_;
    collapsed_ = collapsed;
  }

  void Panel(const Metric& metric) {
    Json panel = {{"id", ++id_},
                  {"type", "timeseries"},
                  {"title", adapters::ServedName(metric.type, metric.name)},
                  {"description", metric.help},
                  {"datasource", {{"type", "prometheus"}, {"uid", "${datasource}"}}},
                  {"gridPos", Place(kWidth, kHeight)},
                  {"fieldConfig",
                   {{"defaults", {{"unit", PanelUnitOf(metric)}}}, {"overrides", Json::array()}}},
                  {"targets", Json::array({{{"refId", "A"},
                                            {"expr", ExpressionOf(metric)},
                                            {"legendFormat", LegendOf(metric)}}})}};
    (collapsed_ ? panels_.back()["panels"] : panels_).push_back(std::move(panel));
    if (++column_ == kColumns) FinishLine();
  }

  const Json& panels() const { return panels_; }

 private:
  Json Place(int width, int height) const {
    return {{"x", column_ * kWidth}, {"y", y_}, {"w", width}, {"h", height}};
  }
  void FinishLine() {
    if (column_ > 0) y_ += kHeight;
    column_ = 0;
  }

  Json panels_ = Json::array();
  bool collapsed_ = false;
  int id_ = 0;
  int column_ = 0;
  int y_ = 0;
};

Json Variable(const char* name, const char* type, Json query) {
  return {{"name", name},
          {"type", type},
          {"query", std::move(query)},
          {"multi", true},
          {"includeAll", true},
          {"refresh", 2},
          {"datasource", {{"type", "prometheus"}, {"uid", "${datasource}"}}}};
}

}  // namespace

std::string MetricsDashboard() {
  Dashboard dashboard;
  dashboard.Row("At a glance", false);
  for (const char* name : kFirst) {
    const Metric* metric = adapters::FindMetric(name);
    if (metric == nullptr) exchange::ProgramFault("no such metric for the dashboard", name);
    dashboard.Panel(*metric);
  }
  std::string section;
  for (const Metric& metric : adapters::Metrics()) {
    if (metric.section != section) dashboard.Row(section = metric.section, true);
    dashboard.Panel(metric);
  }
  const Json source = {{"name", "datasource"}, {"type", "datasource"}, {"query", "prometheus"}};
  const Json all = {
      {"uid", "exitbus-services"},
      {"title", "exitbus services"},
      {"description", "Generated by policygen from adapters/http/metrics.inc."},
      {"tags", {"exitbus"}},
      {"schemaVersion", 36},
      {"editable", false},
      {"refresh", "10s"},
      {"time", {{"from", "now-1h"}, {"to", "now"}}},
      {"templating",
       {{"list",
         {source, Variable("instance", "query", "label_values(exitbus_build_info, instance)")}}}},
      {"panels", dashboard.panels()}};
  return all.dump(2) + "\n";
}

}  // namespace exitbus::policygen
