#include "services/exchange/standstills.h"

#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "exitbus/policy/v1/policy.pb.h"
#include "exitbus/recovery_journal/v1/journal.pb.h"
#include "services/exchange/ports/api.h"
#include "services/exchange/ports/time.h"
#include "services/exchange/proto_time.h"
#include "services/policy/readers.h"

namespace exitbus::exchange {
namespace {

std::string Told(absl::Time until) {
  return absl::FormatTime(absl::RFC3339_sec, until, absl::UTCTimeZone());
}

}  // namespace

void Standstills::Follow(const recovery_journal::v1::Acts& acts) {
  paused_.clear();
  maintenance_ = absl::InfinitePast();
  for (const recovery_journal::v1::Act& act : acts.acts()) {
    if (act.what() == kPaused) paused_[act.channel()] = FromProto(act.until());
    if (act.what() == kResumed) paused_.erase(act.channel());
    if (act.what() == kMaintenance) maintenance_ = FromProto(act.until());
  }
}

bool Standstills::IsPaused(int channel) const {
  const auto found = paused_.find(channel);
  return found != paused_.end() && clock_->Now() < found->second;
}

bool Standstills::InMaintenance() const { return clock_->Now() < maintenance_; }

void Standstills::Mark(Answer& answer) const {
  std::vector<std::string> paused;
  for (const auto& [channel, until] : paused_) {
    if (!IsPaused(channel)) continue;
    paused.push_back(
        absl::StrCat(std::string(policy::ChannelName(static_cast<policy::v1::Channel>(channel))),
                     " until ", Told(until)));
  }
  if (!paused.empty()) answer.notes.emplace_back("exitbus-paused", absl::StrJoin(paused, ", "));
  if (InMaintenance()) {
    answer.notes.emplace_back("exitbus-maintenance", absl::StrCat("until ", Told(maintenance_)));
  }
}

}  // namespace exitbus::exchange
