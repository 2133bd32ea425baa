#include "services/exchange/standing.h"

#include <algorithm>
#include <set>
#include <string>

#include "exitbus/operations/v1/trace.pb.h"
#include "exitbus/policy/v1/policy.pb.h"
#include "exitbus/store/v1/rows.pb.h"
#include "services/exchange/aggregate.h"
#include "services/exchange/environment.h"
#include "services/exchange/held_back.h"
#include "services/exchange/keys.h"
#include "services/exchange/outbox_window.h"
#include "services/exchange/ports/directory.h"
#include "services/exchange/ports/time.h"
#include "services/exchange/proto_time.h"
#include "services/exchange/tracer.h"
#include "services/exchange/transaction.h"
#include "services/policy/topics.h"

namespace exitbus::exchange {
namespace {

namespace ov1 = operations::v1;
namespace pv1 = policy::v1;

// Looked at every few seconds; a parked one may hold a megabyte.
constexpr std::size_t kParkedLookedAt = 256;
constexpr std::size_t kTimersLookedAt = 1000;
constexpr std::size_t kDeadLookedAt = 1000;
constexpr absl::Duration kNear = absl::Hours(24);

using Channels = std::map<std::string, pv1::Channel>;  // by topic

Channels OwnTopics(const DirectoryEntry& self) {
  Channels channels;
  for (const pv1::Channel channel : policy::ChannelsReadBy(self.kind)) {
    channels.emplace(policy::TopicName(channel, self.kind, self.code), channel);
  }
  return channels;
}

// By how much the machine's clock is ahead of the one that cases go by.
absl::Duration Ahead(const Environment& environment) {
  return environment.wall_clock->Now() - environment.clock->Now();
}

void TellParked(Transaction& committed, absl::Duration ahead, Standings& standings) {
  const auto rows = committed.Scan(Table::kParked, "", "", kParkedLookedAt);
  for (const Row& row : rows) {
    const auto key = ParkedKey::Decode(row.key);
    store::v1::ParkedLetter parked;
    if (!key || !parked.ParseFromString(row.value)) continue;  // told as unreadable where it is met
    ov1::Tally& tally =
        *standings.Of(static_cast<pv1::Channel>(key->correspondence.channel)).mutable_parked();
    CountOne(tally, FromProto(parked.received()) + ahead);
    tally.set_at_least(rows.size() == kParkedLookedAt);
  }
}

ov1::DeadClass& ClassOf(ov1::ChannelStanding& standing, const std::string& failure_class) {
  for (ov1::DeadClass& dead : *standing.mutable_dead()) {
    if (dead.failure_class() == failure_class) return dead;
  }
  ov1::DeadClass& dead = *standing.add_dead();
  dead.set_failure_class(failure_class);
  return dead;
}

void TellDead(Transaction& committed, absl::Duration ahead, const Channels& topics,
              Standings& standings) {
  for (const Row& row : committed.Scan(Table::kDeadLetters, "", "", kDeadLookedAt)) {
    store::v1::DeadLetter letter;
    if (!letter.ParseFromString(row.value)) continue;
    const auto topic = topics.find(letter.topic());
    if (topic == topics.end()) continue;
    ov1::DeadClass& dead = ClassOf(standings.Of(topic->second), letter.reason());
    const absl::Time died = FromProto(letter.time()) + ahead;
    CountOne(*dead.mutable_letters(), died);
    *dead.mutable_newest() = ToProto(died);  // they lie in their order
  }
}

void TellPositions(Transaction& committed, const Channels& topics, Standings& standings) {
  for (const auto& [topic, channel] : topics) {
    const auto position = Load<store::v1::Position>(committed, Table::kPositions, topic);
    if (!position) continue;
    ov1::ChannelStanding& standing = standings.Of(channel);
    standing.set_next_offset(position->offset() + 1);
    standing.set_cluster_id(position->cluster_id());
  }
}

// Of cases alone: what there is by itself has deadlines every day.
void TellDeadlines(const Environment& environment, const Service& service, Transaction& committed,
                   ov1::Standing& standing) {
  std::set<std::string> by_themselves;
  for (const Aggregate& aggregate : service.aggregates) {
    if (aggregate.singleton) by_themselves.insert(aggregate.name);
  }
  const absl::Time until = environment.clock->Now() + kNear;
  std::uint64_t near = 0;
  for (const Row& row : committed.Scan(Table::kTimers, "", "", kTimersLookedAt)) {
    const auto key = TimerKey::Decode(row.key);
    if (!key || by_themselves.contains(key->aggregate)) continue;
    if (absl::FromUnixMillis(static_cast<std::int64_t>(key->due_ms)) > until) break;
    ++near;
  }
  standing.mutable_deadlines()->set_near(near);
}

void TellOutbox(const Environment& environment, const OutboxWindow& outbox, Standings& standings) {
  std::map<OutboxAddress, bool> held;
  for (const auto& [key, copy] : outbox.rows()) {
    const auto [known, is_new] = held.try_emplace(key.address(), false);
    if (is_new) known->second = !HeldBackBecause(environment, known->first).empty();
    standings.AddLeaving(static_cast<pv1::Channel>(key.correspondence.channel),
                         known->second    ? Leaving::kHeld
                         : copy.published ? Leaving::kUnreceipted
                         : copy.delayed   ? Leaving::kDelayed
                                          : Leaving::kOnTheWay,
                         copy.since);
  }
  for (const auto& [name, address] : outbox.addresses()) {
    if (address.total == address.held) continue;
    standings.AddUnseen(static_cast<pv1::Channel>(name.channel), address.total - address.held);
  }
}

}  // namespace

void CountOne(ov1::Tally& tally, absl::Time since) {
  tally.set_count(tally.count() + 1);
  if (since == absl::InfinitePast()) return;
  if (tally.has_oldest() && FromProto(tally.oldest()) <= since) return;
  *tally.mutable_oldest() = ToProto(since);
}

ov1::ChannelStanding& Standings::Of(pv1::Channel channel) {
  const auto [place, is_new] = places_.try_emplace(channel, standing_->channels_size());
  if (is_new) standing_->add_channels()->set_channel(channel);
  return *standing_->mutable_channels(place->second);
}

void Standings::AddLeaving(pv1::Channel channel, Leaving how, absl::Time since) {
  ov1::ChannelStanding& standing = Of(channel);
  switch (how) {
    case Leaving::kDelayed:
      return CountOne(*standing.mutable_delayed(), since);
    case Leaving::kOnTheWay:
      return CountOne(*standing.mutable_on_the_way(), since);
    case Leaving::kHeld:
      return CountOne(*standing.mutable_held(), since);
    case Leaving::kUnreceipted:
      return CountOne(*standing.mutable_unreceipted(), since);
  }
}

// Which of them have a copy on the bus is not known.
void Standings::AddUnseen(pv1::Channel channel, std::uint64_t count) {
  ov1::Tally& tally = *Of(channel).mutable_on_the_way();
  tally.set_count(tally.count() + count);
}

void TellStanding(const Environment& environment, const Service& service,
                  const OutboxWindow& outbox, bool broker_reached, ov1::Standing& standing) {
  *standing.mutable_taken() = ToProto(environment.wall_clock->Now());
  standing.set_version(environment.settings.version);
  standing.set_broker_reached(broker_reached);
  Standings standings(&standing);
  TellOutbox(environment, outbox, standings);
  const Channels topics = OwnTopics(*environment.self_at_start);
  const absl::Duration ahead = Ahead(environment);
  Transaction committed(environment);
  TellParked(committed, ahead, standings);
  TellDead(committed, ahead, topics, standings);
  TellPositions(committed, topics, standings);
  TellDeadlines(environment, service, committed, standing);
  environment.tracer->Tell(standing);
}

}  // namespace exitbus::exchange
