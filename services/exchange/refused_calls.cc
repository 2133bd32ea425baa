#include "services/exchange/refused_calls.h"

#include <algorithm>

#include "services/exchange/decision.h"
#include "services/exchange/environment.h"
#include "services/exchange/ports/telemetry.h"
#include "services/exchange/ports/time.h"

namespace exitbus::exchange {
namespace {

constexpr char kTooMany[] = "caller.too_many_refused";
constexpr std::size_t kShownMax = 128;  // bytes; it may be what is refused

bool IsTheCallersDoing(const Refusal& refusal) {
  return refusal.code != absl::StatusCode::kUnavailable &&
         refusal.code != absl::StatusCode::kResourceExhausted &&
         refusal.code != absl::StatusCode::kDataLoss;
}

}  // namespace

RefusedCalls::Patience& RefusedCalls::Of(const std::string& system) {
  const absl::Time now = environment_->wall_clock->Now();
  Patience& patience =
      systems_.try_emplace(system, Patience{kInARow, now, absl::InfinitePast()}).first->second;
  const double grown = absl::ToDoubleSeconds(now - patience.as_of) *
                       environment_->settings.refused_calls_a_second_max;
  patience.left = std::clamp(patience.left + grown, 0.0, static_cast<double>(kInARow));
  patience.as_of = now;
  return patience;
}

std::optional<Refusal> RefusedCalls::TurnAway(const Caller& caller) {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (!systems_.contains(caller.system)) return std::nullopt;
    const double left = Of(caller.system).left;
    if (left == kInARow) systems_.erase(caller.system);
    if (left >= 1) return std::nullopt;
  }
  environment_->telemetry->Count("calls.refused", {{"rule", kTooMany}});
  return RefusedBy(
      kTooMany,
      "Too many calls of this system were refused of late. Repeat in a moment; correct "
      "what it is refused for.",
      absl::StatusCode::kResourceExhausted);
}

void RefusedCalls::Note(const std::string& method, const Caller& caller, const Refusal& refusal) {
  environment_->telemetry->Count("calls.refused", {{"rule", refusal.reason}});
  if (!IsTheCallersDoing(refusal)) return;
  bool tell = false;
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    Patience& patience = Of(caller.system);
    patience.left = std::max(patience.left - 1, 0.0);
    tell = patience.left < 1 && patience.as_of - patience.reported >= kReportedAgainAfter;
    if (tell) patience.reported = patience.as_of;
  }
  const Labels who = {{"system", caller.system}, {"function", caller.function}};
  Labels what = who;
  what.insert(what.end(), {{"employee", caller.employee.substr(0, kShownMax)},
                           {"method", method},
                           {"rule", refusal.reason}});
  environment_->telemetry->Log(Severity::kWarning, "call.refused", what);
  if (tell) environment_->telemetry->Log(Severity::kError, kTooMany, who);
}

}  // namespace exitbus::exchange
