// The part of Relay that says how many letters wait, for how long, and which may not leave.
#include <map>
#include <string>

#include "services/exchange/environment.h"
#include "services/exchange/held_back.h"
#include "services/exchange/keys.h"
#include "services/exchange/outbox_window.h"
#include "services/exchange/ports/telemetry.h"
#include "services/exchange/ports/time.h"
#include "services/exchange/relay.h"

namespace exitbus::exchange {
namespace {

// Why what is for a peer over a channel is held back, each asked once; empty: it is not.
class HeldBack {
 public:
  explicit HeldBack(const Environment& environment) : environment_(environment) {}

  const std::string& Because(const OutboxAddress& to) {
    const auto [known, is_new] = known_.try_emplace(to);
    if (is_new) known->second = HeldBackBecause(environment_, to);
    return known->second;
  }

 private:
  const Environment& environment_;
  std::map<OutboxAddress, std::string> known_;
};

// Of those that nobody means to wait: neither delayed nor held back.
absl::Duration OldestAge(const Environment& environment, const OutboxWindow& window,
                         HeldBack& held_back) {
  const absl::Time now = environment.wall_clock->Now();
  absl::Time oldest = now;
  for (const auto& [key, copy] : window.rows()) {
    if (copy.delayed || copy.since == absl::InfinitePast() || copy.since >= oldest) continue;
    if (held_back.Because(key.address()).empty()) oldest = copy.since;
  }
  return now - oldest;
}

}  // namespace

void Relay::ReportPaused() {
  std::map<std::string, double> paused = {{"own", 0},    {"suspended", 0},   {"removed", 0},
                                          {"behind", 0}, {"unconfirmed", 0}, {"paused", 0}};
  HeldBack held_back(*environment_);
  for (const auto& [name, address] : window_.addresses()) {
    const std::string& why = held_back.Because(name);
    if (!why.empty()) paused[why] += static_cast<double>(address.total);
  }
  Telemetry& telemetry = *environment_->telemetry;
  telemetry.Set("outbox.unreceipted", {}, static_cast<double>(window_.total()));
  telemetry.Set("outbox.oldest_age_seconds", {},
                absl::ToDoubleSeconds(OldestAge(*environment_, window_, held_back)));
  for (const auto& [why, rows] : paused) {
    telemetry.Set("outbox.paused", {{"membership", why}}, rows);
  }
}

}  // namespace exitbus::exchange
