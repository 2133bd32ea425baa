#include "services/console/connection.h"

#include <algorithm>
#include <string>

#include "exitbus/directory/v1/directory.pb.h"
#include "exitbus/operations/v1/operations_service.pb.h"
#include "exitbus/operations/v1/trace.pb.h"
#include "services/console/common_view.h"
#include "services/console/world.h"
#include "services/exchange/ports/directory.h"
#include "services/exchange/proto_time.h"
#include "services/policy/topics.h"

namespace exitbus::console {
namespace {

namespace ov1 = operations::v1;
using exchange::DirectoryEntry;

struct Verdict {
  ov1::StepOutcome outcome = ov1::STEP_OUTCOME_GOOD;
  std::string cause = {};
  std::string remedy = {};
};

Verdict Bad(std::string cause, std::string remedy) {
  return {ov1::STEP_OUTCOME_BAD, std::move(cause), std::move(remedy)};
}
Verdict Unknown(std::string cause) { return {ov1::STEP_OUTCOME_UNKNOWN, std::move(cause), ""}; }

Verdict Listed(const DirectoryEntry& entry) {
  if (entry.status == directory::v1::AUTHORITY_STATUS_SUSPENDED) {
    return Bad(entry.id + " is suspended in the directory: letters to it and by it wait.",
               "Take it back into service with a new directory, when it may.");
  }
  if (entry.status == directory::v1::AUTHORITY_STATUS_REMOVED) {
    return Bad(entry.id + " was removed from the exchange.", "Ask who has its tasks now.");
  }
  return {};
}

Verdict Heard(const World& world, const DirectoryEntry& entry, absl::Time now) {
  switch (world.reports.PresenceOf(entry.id, now)) {
    case ov1::PRESENCE_HEARD:
      return {};
    case ov1::PRESENCE_SILENT:
      if (!world.broker_reached) return Unknown("The console itself reaches no broker.");
      return Bad(entry.id + " has told nothing for " +
                     absl::FormatDuration(absl::Seconds(
                         absl::ToInt64Seconds(now - world.reports.PresenceSince(entry.id, now)))) +
                     ".",
                 "See whether its process runs and reaches the broker: its log says "
                 "bus.unavailable where it does not.");
    default:
      return Unknown(entry.id +
                     " was not heard since this console started; perhaps it is not configured to "
                     "tell it (trace).");
  }
}

// What it said last, where it is heard.
const ov1::Standing* StandingOf(const World& world, const DirectoryEntry& entry, absl::Time now) {
  ov1::Unknown unknown;
  if (IsUnknown(world, entry.id, now, unknown)) return nullptr;
  return world.reports.Find(entry.id)->standing.get();
}

Verdict Broker(const ov1::Standing* standing, const DirectoryEntry& entry) {
  if (standing == nullptr || !standing->has_broker_reached()) {
    return Unknown("It is not known whether " + entry.id + " reaches the broker.");
  }
  if (standing->broker_reached()) return {};
  return Bad(entry.id + " does not reach the broker, or is refused there.",
             "Look at its network, its Kafka certificate and its clock.");
}

Verdict Papers(const ov1::Standing* standing, const DirectoryEntry& entry, absl::Time now) {
  if (standing == nullptr)
    return Unknown("It is not known what certificates " + entry.id + " has.");
  for (const ov1::Paper& paper : standing->papers()) {
    if (paper.kind() == ov1::PAPER_KIND_SEALING_KEY || exchange::FromProto(paper.ends()) > now) {
      continue;
    }
    return Bad(entry.id + " has " + ov1::PaperKind_Name(paper.kind()) + " that has ended.",
               "Replace it; it is taken into use within seconds.");
  }
  return {};
}

Verdict Clock(const ov1::Standing* standing, const DirectoryEntry& entry) {
  if (standing == nullptr || !standing->has_clocks_over_five_minutes()) {
    return Unknown("It is not known how the clock of " + entry.id + " goes.");
  }
  if (standing->clocks_over_five_minutes() < 2) return {};
  return Bad("The clock of " + entry.id + " is over five minutes from those of several others.",
             "Set it right by NTP.");
}

Verdict Topics(const World& world, const DirectoryEntry& to) {
  if (!world.broker) return Unknown("The broker did not say which topics it has.");
  for (const std::string& topic : policy::TopicsReadBy(to.kind, to.code)) {
    if (world.broker->topics.contains(topic)) continue;
    return Bad("The broker lacks the topic " + topic + ".", "Run exitbus-provision.");
  }
  return {};
}

Verdict MayWrite(const DirectoryEntry& from, const DirectoryEntry& to) {
  const auto& routes = policy::AllTopicRoutes();
  const bool may = std::any_of(routes.begin(), routes.end(), [&](const auto& route) {
    return route.from == from.kind && route.to == to.kind;
  });
  if (may && from.id != to.id) return {};
  return Bad("The policy lets " + from.id + " send nothing to " + to.id + ".",
             "There is nothing to mend: authorities of these kinds do not write to each other.");
}

Verdict Reads(const World& world, const DirectoryEntry& to, absl::Time now) {
  const auto since = [&](const std::string& topic) {
    const auto found = world.unread.find(topic);
    return found == world.unread.end() ? absl::ZeroDuration() : now - found->second.since;
  };
  ov1::Unknown unknown;
  if (IsUnknown(world, to.id, now, unknown) || !world.broker) {
    return Unknown("It is not known how far " + to.id + " has read.");
  }
  for (const std::string& topic : policy::TopicsReadBy(to.kind, to.code)) {
    if (since(topic) < kStuckAfter) continue;
    return Bad(to.id + " does not take what lies in its topics.",
               "Its log says why: bus.topic_refused, bus.stalled, store.disk_full.");
  }
  return {};
}

}  // namespace

ov1::TestConnectionResponse TestConnection(const World& world, const DirectoryEntry& from,
                                           const DirectoryEntry& to, absl::Time now) {
  ov1::TestConnectionResponse response;
  const auto add = [&response](const char* name, Verdict verdict) {
    ov1::ConnectionStep& step = *response.add_steps();
    step.set_step(name);
    step.set_outcome(verdict.outcome);
    step.set_cause(std::move(verdict.cause));
    step.set_remedy(std::move(verdict.remedy));
  };
  const ov1::Standing* standing = StandingOf(world, from, now);
  add("policy.may_write", MayWrite(from, to));
  add("from.listed", Listed(from));
  add("from.heard", Heard(world, from, now));
  add("from.broker", Broker(standing, from));
  add("from.clock", Clock(standing, from));
  add("from.papers", Papers(standing, from, now));
  add("broker.topics", Topics(world, to));
  standing = StandingOf(world, to, now);
  add("to.listed", Listed(to));
  add("to.heard", Heard(world, to, now));
  add("to.broker", Broker(standing, to));
  add("to.papers", Papers(standing, to, now));
  add("to.reads", Reads(world, to, now));
  return response;
}

}  // namespace exitbus::console
