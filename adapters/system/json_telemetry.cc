#include "adapters/system/json_telemetry.h"

#include <nlohmann/json.hpp>
#include <utility>

namespace exitbus::adapters {
namespace {

using exchange::Severity;

constexpr int kNoIndent = -1;

std::string_view LevelName(Severity severity) {
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

std::string TimeText(absl::Time time) {
  return absl::FormatTime("%Y-%m-%dT%H:%M:%E3SZ", time, absl::UTCTimeZone());
}

}  // namespace

JsonTelemetry::JsonTelemetry(JsonTelemetryOptions options, const exchange::Clock* clock)
    : options_(std::move(options)), clock_(clock) {}

void JsonTelemetry::Log(Severity severity, std::string_view event, const exchange::Labels& fields) {
  if (severity < options_.least) return;
  const absl::Time now = clock_->Now();
  const auto left_out =
      severity == Severity::kInfo ? std::optional<std::uint64_t>(0) : limiter_.Admit(event, now);
  if (!left_out) return;
  nlohmann::ordered_json line;
  line["time"] = TimeText(now);
  line["level"] = LevelName(severity);
  line["service"] = options_.service;
  line["event"] = event;
  if (!fields.empty()) {
    nlohmann::ordered_json& written = line["fields"];
    for (const auto& [name, value] : fields) written[name] = value;
  }
  if (*left_out > 0) line["left_out"] = *left_out;
  using ErrorHandler = nlohmann::ordered_json::error_handler_t;
  lines_.Write(line.dump(kNoIndent, ' ', false, ErrorHandler::replace));
}

void JsonTelemetry::Record(const exchange::Hop& hop) {
  const bool failed = !hop.failure_class.empty();
  if (options_.hops == HopLines::kNone) return;
  if (options_.hops == HopLines::kFailures && !failed) return;
  exchange::Labels fields = {{"hop_id", hop.hop_id},
                             {"channel", hop.channel},
                             {"hop", hop.hop},
                             {"at", TimeText(hop.time)}};
  if (failed) fields.emplace_back("failure_class", hop.failure_class);
  Log(failed ? Severity::kWarning : Severity::kInfo, "hop", fields);
}

}  // namespace exitbus::adapters
