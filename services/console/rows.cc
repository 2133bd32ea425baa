#include "services/console/rows.h"

#include <algorithm>
#include <map>
#include <set>

#include "exitbus/directory/v1/directory.pb.h"
#include "exitbus/operations/v1/overview.pb.h"
#include "services/console/channels.h"
#include "services/console/common_view.h"
#include "services/console/figures.h"
#include "services/console/world.h"
#include "services/exchange/ports/directory.h"
#include "services/exchange/proto_time.h"
#include "services/policy/topics.h"

namespace exitbus::console {
namespace {

namespace ov1 = operations::v1;
namespace pv1 = policy::v1;
using exchange::DirectoryEntry;
using exchange::FromProto;
using exchange::ToProto;

constexpr std::uint64_t kMemoryStep = 32ULL << 20;
constexpr std::uint64_t kDiskStep = 1ULL << 30;

// The channels on which an authority of this kind sends or is sent letters.
std::set<pv1::Channel> ChannelsOf(pv1::AuthorityKind kind) {
  std::set<pv1::Channel> channels;
  for (const policy::TopicRoute& route : policy::AllTopicRoutes()) {
    if (route.from == kind || route.to == kind) channels.insert(route.channel);
  }
  channels.erase(pv1::CHANNEL_RECEIPT);  // receipts are no letters
  return channels;
}

std::optional<std::uint64_t> Rounded(bool told, std::uint64_t value, std::uint64_t step, For whom) {
  if (!told) return std::nullopt;
  return whom == For::kOwnOperator ? value : value / step * step;
}

std::optional<std::uint64_t> If(bool told, std::uint64_t value) {
  return told ? std::optional(value) : std::nullopt;
}

void AddPapers(const ov1::Standing& standing, ov1::AuthorityRow& row) {
  std::map<ov1::PaperKind, ov1::PaperEnd> soonest;
  for (const ov1::Paper& paper : standing.papers()) {
    const auto [found, is_new] = soonest.try_emplace(paper.kind());
    ov1::PaperEnd& end = found->second;
    end.set_replacement_refused(end.replacement_refused() || paper.replacement_refused());
    if (!is_new && FromProto(end.ends()) <= FromProto(paper.ends())) continue;
    end.set_kind(paper.kind());
    *end.mutable_ends() = paper.ends();
  }
  for (auto& [kind, end] : soonest) *row.add_papers() = std::move(end);
}

void AddVitals(const ov1::Standing& standing, const WhyNot& why_not, For whom,
               ov1::AuthorityRow& row) {
  const ov1::ProcessStanding& process = standing.process();
  *row.mutable_memory_bytes() = CountOf(
      Rounded(process.has_memory_bytes(), process.memory_bytes(), kMemoryStep, whom), why_not);
  *row.mutable_disk_free_bytes() = CountOf(
      Rounded(process.has_disk_free_bytes(), process.disk_free_bytes(), kDiskStep, whom), why_not);
  *row.mutable_clocks_over_five_minutes() = CountOf(
      If(standing.has_clocks_over_five_minutes(), standing.clocks_over_five_minutes()), why_not);
  const ov1::StoreStanding& store = standing.store();
  *row.mutable_unreadable_rows() =
      CountOf(If(store.has_unreadable_rows(), store.unreadable_rows()), why_not);
  if (!why_not && standing.has_clock_ahead_seconds()) {
    row.set_clock_ahead_seconds(standing.clock_ahead_seconds());
  }
  if (!why_not) AddPapers(standing, row);
  if (whom != For::kOwnOperator) return;
  *row.mutable_descriptors_open() =
      CountOf(If(process.has_descriptors_open(), process.descriptors_open()), why_not);
  *row.mutable_stopped_correspondences() =
      CountOf(If(store.has_stopped_correspondences(), store.stopped_correspondences()), why_not);
  *row.mutable_letters_awaiting_upgrade() =
      CountOf(If(store.has_letters_awaiting_upgrade(), store.letters_awaiting_upgrade()), why_not);
  const ov1::DeadlineStanding& deadlines = standing.deadlines();
  *row.mutable_deadlines_near() = CasesOf(If(deadlines.has_near(), deadlines.near()), why_not);
  *row.mutable_deadlines_missed() =
      CasesOf(If(deadlines.has_missed(), deadlines.missed()), why_not);
}

void AddChannels(const World& world, const DirectoryEntry& entry, const ov1::Standing& standing,
                 const WhyNot& why_not, For whom, absl::Time now, ov1::AuthorityRow& row) {
  std::map<int, const ov1::ChannelStanding*> told;
  for (const auto& channel : standing.channels()) told[channel.channel()] = &channel;
  const Told* heard = world.reports.Find(entry.id);
  for (const pv1::Channel channel : ChannelsOf(entry.kind)) {
    if (IsSecret(channel) && whom != For::kOwnOperator) continue;
    const auto found = told.find(channel);
    ov1::ChannelFigures figures =
        FiguresOf(channel, found == told.end() ? nullptr : found->second, why_not);
    const std::string topic = policy::TopicName(channel, entry.kind, entry.code);
    const auto unread = UnreadIn(world, entry.id, channel, topic);
    *figures.mutable_unread() = CountOf(If(unread.has_value(), unread.value_or(0)), why_not);
    if (heard != nullptr) {
      const auto recent = heard->recent.find(channel);
      const Recent none;
      const Recent& seen = recent == heard->recent.end() ? none : recent->second;
      *figures.mutable_throughput() = seen.ThroughputAt(now);
      const ov1::Latency latency = seen.LatencyAt(now);
      if (latency.letters() > 0) *figures.mutable_latency() = latency;
    }
    *row.add_channels() = std::move(figures);
  }
}

bool WaitsTooLong(const ov1::Waiting& waiting, absl::Time now) {
  return waiting.known().has_oldest() && now - FromProto(waiting.known().oldest()) >= kStuckAfter;
}

void Worsen(ov1::AuthorityRow& row, ov1::State state, ov1::FailureClass failure) {
  if (row.state() >= state) return;
  row.set_state(state);
  row.set_failure(failure);
}

// The worst of what is shown.
void AddState(absl::Time now, ov1::AuthorityRow& row) {
  if (row.secret().has_unknown()) return;
  for (const ov1::ChannelFigures& channel : row.channels()) {
    if (WaitsTooLong(channel.on_the_way(), now) || WaitsTooLong(channel.unreceipted(), now) ||
        WaitsTooLong(channel.held(), now)) {
      Worsen(row, ov1::STATE_STUCK, ov1::FAILURE_CLASS_OUTGOING);
    }
    if (WaitsTooLong(channel.parked(), now)) {
      Worsen(row, ov1::STATE_STUCK, ov1::FAILURE_CLASS_INCOMING);
    }
  }
  if (row.stopped_correspondences().known() > 0) {
    Worsen(row, ov1::STATE_STUCK, ov1::FAILURE_CLASS_CORRESPONDENCE);
  }
  Worsen(row, row.secret().state(), row.secret().failure());
}

}  // namespace

ov1::AuthorityRow AuthorityRowOf(const World& world, const DirectoryEntry& entry,
                                 const ov1::CommonView& secret, For whom, absl::Time now) {
  ov1::AuthorityRow row;
  row.set_authority(entry.id);
  row.set_name(entry.name);
  row.set_kind(entry.kind);
  row.set_status(entry.status);
  row.set_presence(world.reports.PresenceOf(entry.id, now));
  *row.mutable_presence_since() = ToProto(world.reports.PresenceSince(entry.id, now));
  row.set_own(whom == For::kOwnOperator);
  const Told* told = world.reports.Find(entry.id);
  ov1::Unknown unknown;
  const WhyNot why_not = IsUnknown(world, entry.id, now, unknown) ? WhyNot(unknown) : std::nullopt;
  if (told != nullptr) {
    *row.mutable_started() = ToProto(told->started);
    row.set_restarts(static_cast<std::uint32_t>(told->restarts.size()));
    if (told->standing != nullptr) row.set_version(told->standing->version());
  }
  const ov1::Standing& standing = told != nullptr && told->standing != nullptr
                                      ? *told->standing
                                      : ov1::Standing::default_instance();
  *row.mutable_secret() = secret;
  AddChannels(world, entry, standing, why_not, whom, now, row);
  AddVitals(standing, why_not, whom, row);
  AddState(now, row);
  return row;
}

std::vector<Stream> StreamsOf(const World& world) {
  std::vector<Stream> streams;
  for (const auto& entry : world.directory->All()) {
    for (const pv1::Channel channel : policy::ChannelsReadBy(entry->kind)) {
      streams.push_back({policy::TopicName(channel, entry->kind, entry->code), channel, entry->id});
    }
  }
  return streams;
}

ov1::StreamRow StreamRowOf(const World& world, const Stream& stream, For whom, absl::Time now) {
  const auto reader = world.directory->Find(stream.reader);
  ov1::StreamRow row;
  row.set_topic(stream.topic);
  row.set_channel(stream.channel);
  row.set_reader(stream.reader);
  row.set_secret(IsSecret(stream.channel));
  std::set<pv1::AuthorityKind> kinds;
  for (const policy::TopicRoute& route : policy::AllTopicRoutes()) {
    if (reader && route.channel == stream.channel && route.to == reader->kind) {
      kinds.insert(route.from);
    }
  }
  for (const pv1::AuthorityKind kind : kinds) row.add_writer_kinds(kind);
  std::uint32_t writers = 0;
  for (const auto& entry : world.directory->All()) {
    if (kinds.contains(entry->kind) && entry->id != stream.reader &&
        entry->status == directory::v1::AUTHORITY_STATUS_UNSPECIFIED) {
      ++writers;
    }
  }
  row.set_writers(writers);
  if (row.secret() && whom != For::kOwnOperator) return row;
  ov1::Unknown unknown;
  const WhyNot why_not =
      IsUnknown(world, stream.reader, now, unknown) ? WhyNot(unknown) : std::nullopt;
  const auto unread = UnreadIn(world, stream.reader, stream.channel, stream.topic);
  *row.mutable_unread() = CountOf(If(unread.has_value(), unread.value_or(0)), why_not);
  std::optional<std::uint64_t> records;
  if (world.broker) {
    const auto found = world.broker->topics.find(stream.topic);
    if (found != world.broker->topics.end() && found->second.end >= 0) records = found->second.end;
  }
  *row.mutable_records() = CountOf(records, std::nullopt);
  return row;
}

ov1::ExchangeRow ExchangeRowOf(const World& world) {
  ov1::ExchangeRow row;
  row.set_broker_reached(world.broker_reached);
  *row.mutable_broker_since() = ToProto(world.broker_since);
  row.set_broker_failure(world.broker_failure);
  row.set_directory_version(world.directory->version());
  row.set_traces_refused(world.traces_refused);
  *row.mutable_console_started() = ToProto(world.reports.started());
  ov1::Unknown away;
  away.set_why(ov1::WHY_UNKNOWN_BROKER_AWAY);
  *away.mutable_since() = row.broker_since();
  const WhyNot why_not = world.broker ? std::nullopt : WhyNot(away);
  std::uint64_t missing = 0;
  std::uint64_t unlisted = 0;
  std::uint64_t under_replicated = 0;
  if (world.broker) {
    std::set<std::string> listed;
    for (const Stream& stream : StreamsOf(world)) listed.insert(stream.topic);
    for (const auto& entry : world.directory->All()) {
      listed.insert(policy::TraceTopic(entry->kind, entry->code));
    }
    for (const std::string& topic : listed) missing += world.broker->topics.contains(topic) ? 0 : 1;
    for (const auto& [topic, found] : world.broker->topics) {
      unlisted += listed.contains(topic) ? 0 : 1;
      under_replicated += found.replicas_in_step < found.replicas ? 1 : 0;
    }
  }
  *row.mutable_brokers() = CountOf(world.broker ? world.broker->brokers : 0, why_not);
  *row.mutable_topics_missing() = CountOf(missing, why_not);
  *row.mutable_topics_unlisted() = CountOf(unlisted, why_not);
  *row.mutable_topics_under_replicated() = CountOf(under_replicated, why_not);
  return row;
}

}  // namespace exitbus::console
