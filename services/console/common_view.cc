#include "services/console/common_view.h"

#include <algorithm>
#include <optional>

#include "exitbus/operations/v1/figures.pb.h"
#include "exitbus/operations/v1/overview.pb.h"
#include "exitbus/operations/v1/trace.pb.h"
#include "services/console/channels.h"
#include "services/console/world.h"
#include "services/exchange/ports/directory.h"
#include "services/exchange/proto_time.h"
#include "services/policy/topics.h"

namespace exitbus::console {
namespace {

namespace ov1 = operations::v1;
using exchange::FromProto;

// One peer's clock that differs is that peer's; several are this one's.
constexpr std::uint32_t kOwnClockDiffersFrom = 2;
// A record that could not be used is shown so long.
constexpr absl::Duration kDeadShown = absl::Minutes(15);

bool HasEndedPapers(const ov1::Standing& standing, absl::Time now) {
  return std::any_of(standing.papers().begin(), standing.papers().end(), [&](const auto& paper) {
    // A sealing key that is old is to be renewed, and goes on till then.
    return paper.kind() != ov1::PAPER_KIND_SEALING_KEY && FromProto(paper.ends()) <= now;
  });
}

bool HasBadStore(const ov1::Standing& standing) {
  return standing.process().disk_full() || standing.store().unreadable_rows() > 0 ||
         standing.store().peers_that_hold_more() > 0;
}

using Since = std::optional<absl::Time>;

void Earlier(Since& since, absl::Time other) { since = since ? std::min(*since, other) : other; }

void AddTally(Since& since, const ov1::Tally& tally) {
  if (tally.count() > 0 && tally.has_oldest()) Earlier(since, FromProto(tally.oldest()));
}

// What came on the secret channels and is not done.
Since IncomingSince(const World& world, const exchange::DirectoryEntry& entry,
                    const ov1::Standing& standing) {
  Since since;
  for (const auto& channel : standing.channels()) {
    if (IsSecret(channel.channel())) AddTally(since, channel.parked());
  }
  for (const auto channel : policy::ChannelsReadBy(entry.kind)) {
    if (!IsSecret(channel)) continue;
    const auto unread = world.unread.find(policy::TopicName(channel, entry.kind, entry.code));
    if (unread != world.unread.end()) Earlier(since, unread->second.since);
  }
  return since;
}

bool HasFreshDead(const ov1::Standing& standing, absl::Time now) {
  for (const auto& channel : standing.channels()) {
    if (!IsSecret(channel.channel())) continue;
    for (const auto& dead : channel.dead()) {
      if (now - FromProto(dead.newest()) < kDeadShown) return true;
    }
  }
  return false;
}

// What may leave and does not.
Since OutgoingSince(const ov1::Standing& standing) {
  Since since;
  for (const auto& channel : standing.channels()) {
    if (IsSecret(channel.channel())) AddTally(since, channel.on_the_way());
  }
  return since;
}

void Show(ov1::CommonView& view, ov1::FailureClass failure, ov1::State state) {
  if (view.state() >= state) return;  // the first and worst counts
  view.set_state(state);
  view.set_failure(failure);
}

void ShowWait(ov1::CommonView& view, ov1::FailureClass failure, Since since, absl::Time now) {
  if (!since) return;
  const absl::Duration age = now - *since;
  view.set_oldest(std::max(view.oldest(), StepOf(age)));
  Show(view, failure, age >= kStuckAfter ? ov1::STATE_STUCK : ov1::STATE_WAITING);
}

}  // namespace

ov1::AgeStep StepOf(absl::Duration age) {
  if (age < absl::Minutes(1)) return ov1::AGE_STEP_UNDER_1_MINUTE;
  if (age < absl::Minutes(5)) return ov1::AGE_STEP_UNDER_5_MINUTES;
  if (age < absl::Minutes(15)) return ov1::AGE_STEP_UNDER_15_MINUTES;
  if (age < absl::Minutes(60)) return ov1::AGE_STEP_UNDER_60_MINUTES;
  return ov1::AGE_STEP_60_MINUTES_OR_MORE;
}

bool IsUnknown(const World& world, const std::string& authority, absl::Time now,
               ov1::Unknown& unknown) {
  const auto say = [&unknown](ov1::WhyUnknown why, absl::Time since) {
    unknown.set_why(why);
    *unknown.mutable_since() = exchange::ToProto(since);
    return true;
  };
  const ov1::Presence presence = world.reports.PresenceOf(authority, now);
  const absl::Time since = world.reports.PresenceSince(authority, now);
  if (presence == ov1::PRESENCE_HEARD) {
    const Told* told = world.reports.Find(authority);
    return told->standing == nullptr && say(ov1::WHY_UNKNOWN_NOT_TOLD, since);
  }
  if (!world.broker_reached) return say(ov1::WHY_UNKNOWN_BROKER_AWAY, world.broker_since);
  return say(
      presence == ov1::PRESENCE_SILENT ? ov1::WHY_UNKNOWN_SILENT : ov1::WHY_UNKNOWN_NEVER_HEARD,
      since);
}

ov1::CommonView CommonViewOf(const World& world, const exchange::DirectoryEntry& entry,
                             absl::Time now) {
  ov1::CommonView view;
  ov1::Unknown unknown;
  if (IsUnknown(world, entry.id, now, unknown)) {
    *view.mutable_unknown() = unknown;
    return view;
  }
  const ov1::Standing& standing = *world.reports.Find(entry.id)->standing;
  if (HasEndedPapers(standing, now)) {
    Show(view, ov1::FAILURE_CLASS_PAPERS, ov1::STATE_STUCK);
  }
  if (HasBadStore(standing)) Show(view, ov1::FAILURE_CLASS_STORE, ov1::STATE_STUCK);
  if (standing.clocks_over_five_minutes() >= kOwnClockDiffersFrom) {
    Show(view, ov1::FAILURE_CLASS_CLOCK, ov1::STATE_STUCK);
  }
  if (standing.has_broker_reached() && !standing.broker_reached()) {
    Show(view, ov1::FAILURE_CLASS_BROKER, ov1::STATE_STUCK);
  }
  if (HasFreshDead(standing, now)) Show(view, ov1::FAILURE_CLASS_INCOMING, ov1::STATE_STUCK);
  ShowWait(view, ov1::FAILURE_CLASS_OUTGOING, OutgoingSince(standing), now);
  ShowWait(view, ov1::FAILURE_CLASS_INCOMING, IncomingSince(world, entry, standing), now);
  Show(view, ov1::FAILURE_CLASS_UNSPECIFIED, ov1::STATE_FINE);
  return view;
}

}  // namespace exitbus::console
