#include "services/exchange/peer_clocks.h"

#include "absl/strings/str_cat.h"
#include "services/exchange/environment.h"
#include "services/exchange/ports/telemetry.h"
#include "services/exchange/ports/time.h"

namespace exitbus::exchange {

void PeerClocks::Stamped(const std::string& peer, absl::Time stamped, bool just_now) {
  const absl::Duration ahead = stamped - environment_->wall_clock->Now();
  if (just_now) {
    environment_->telemetry->Set("clock.peer_ahead_seconds", {{"peer", peer}},
                                 absl::ToDoubleSeconds(ahead));
  }
  if (ahead > kDifferenceMax) Alarm(peer, ahead);
}

void PeerClocks::Answered(const std::string& peer, absl::Time stamped, absl::Time asked) {
  if (asked - stamped > kDifferenceMax) Alarm(peer, stamped - asked);
}

void PeerClocks::Said(const std::string& peer, absl::Time instant) {
  if (environment_->clock != environment_->wall_clock) return;
  const absl::Duration ahead = instant - environment_->clock->Now();
  if (ahead > kDifferenceMax) Alarm(peer, ahead);
}

void PeerClocks::Alarm(const std::string& peer, absl::Duration ahead) {
  environment_->telemetry->Count("clock.peer_differs", {});
  const absl::Time now = environment_->wall_clock->Now();
  absl::Time& reported = reported_.try_emplace(peer, absl::InfinitePast()).first->second;
  if (now >= reported && now - reported < kReportedAgainAfter) return;
  reported = now;
  environment_->telemetry->Log(
      Severity::kError, "clock.peer_differs",
      {{"peer", peer},
       {"seconds_ahead", absl::StrCat(absl::ToInt64Seconds(ahead))},
       {"remedy", "one of the two clocks is wrong: compare them, and set it by NTP"}});
}

}  // namespace exitbus::exchange
