#include "tests/simulation/random/faults.h"

#include "absl/strings/str_cat.h"
#include "tests/simulation/random/forger.h"

namespace exitbus::simulation {
namespace {

using adapters::PublishFault;
using Random = std::mt19937_64;

constexpr int kNever = 1'000'000'000;
constexpr auto kInService = directory::v1::AUTHORITY_STATUS_UNSPECIFIED;
constexpr auto kSuspended = directory::v1::AUTHORITY_STATUS_SUSPENDED;

absl::Duration Between(Random& random, int from_s, int to_s) {
  return absl::Seconds(from_s + static_cast<int>(random() % static_cast<unsigned>(to_s - from_s)));
}

std::string AnyTopic(Crowd& crowd, Random& random) {
  const auto topics = crowd.at.world.broker.Topics();
  return topics.empty() ? "" : topics[random() % topics.size()];
}

void After(Crowd& crowd, absl::Duration time, std::function<void()> then) {
  crowd.at.world.executor.PostAfter(time, std::move(then));
}

// A process.

void DieBefore(Crowd& crowd, Random& random) {
  Node& node = crowd.AnyNode(random);
  node.DieAtCommit(static_cast<int>(random() % 4), false);
  crowd.Struck("death_before_commit", node.id());
}
void DieAfter(Crowd& crowd, Random& random) {
  Node& node = crowd.AnyNode(random);
  node.DieAtCommit(static_cast<int>(random() % 4), true);
  crowd.Struck("death_after_commit", node.id());
}
void Kill(Crowd& crowd, Random& random) {
  Node& node = crowd.AnyNode(random);
  node.Crash();
  After(crowd, Between(random, 2, 60), [&node] { node.Start(); });
  crowd.Struck("kill", node.id());
}

// A store.

void FailCommits(Crowd& crowd, Random& random) {
  Node& node = crowd.AnyNode(random);
  node.store().FailNextCommits(1 + static_cast<int>(random() % 4));
  crowd.Struck("commit_fails", node.id());
}
void FailKeys(Crowd& crowd, Random& random) {
  Node& node = crowd.AnyNode(random);
  node.keys().FailNextCommits(1 + static_cast<int>(random() % 2));
  crowd.Struck("key_commit_fails", node.id());
}
void FailReads(Crowd& crowd, Random& random) {
  Node& node = crowd.AnyNode(random);
  node.store().FailNextReads(1 + static_cast<int>(random() % 2));
  crowd.Struck("read_fails", node.id());
}
void SetFull(Node& node, bool full) {
  if (full) {
    node.store().FailCommitsBecauseFull();
  } else {
    node.store().AllowCommits();
  }
  if (node.running()) node.SetDiskFull(full);
}
void FillDisk(Crowd& crowd, Random& random) {
  Node& node = crowd.AnyNode(random);
  SetFull(node, true);
  After(crowd, Between(random, 5, 40), [&node] { SetFull(node, false); });
  crowd.Struck("disk_full", node.id());
}

// The bus.

template <PublishFault kFault>
void FailPublishes(Crowd& crowd, Random& random, const char* name) {
  const int count = 1 + static_cast<int>(random() % 3);
  crowd.at.world.broker.FailNextPublishes(count, kFault);
  crowd.Struck(name, absl::StrCat(count));
}
void Lose(Crowd& crowd, Random& random) {
  FailPublishes<PublishFault::kLost>(crowd, random, "publish_lost");
}
void LoseReport(Crowd& crowd, Random& random) {
  FailPublishes<PublishFault::kStoredButFailed>(crowd, random, "publish_report_lost");
}
void Duplicate(Crowd& crowd, Random& random) {
  FailPublishes<PublishFault::kDuplicated>(crowd, random, "publish_duplicated");
}
void Deny(Crowd& crowd, Random& random) {
  FailPublishes<PublishFault::kDenied>(crowd, random, "publish_denied");
}
void RefuseClock(Crowd& crowd, Random& random) {
  FailPublishes<PublishFault::kClockRefused>(crowd, random, "time_stamp_refused");
}
void Delay(Crowd& crowd, Random& random) {
  auto own = std::make_shared<Random>(random());
  crowd.at.world.broker.SetLatency([own](const std::string&) {
    return absl::Milliseconds(static_cast<std::int64_t>((*own)() % 4000));
  });
  crowd.Struck("delay", "");
}
void Redeliver(Crowd& crowd, Random& random) {
  const std::string topic = AnyTopic(crowd, random);
  crowd.at.world.broker.Redeliver(topic, 1 + static_cast<std::int64_t>(random() % 20));
  crowd.Struck("redelivery", topic);
}
void Truncate(Crowd& crowd, Random& random) {
  const std::string topic = AnyTopic(crowd, random);
  const auto records = crowd.at.world.broker.Records(topic);
  if (records.empty()) return;
  crowd.at.world.broker.DropBefore(topic, records[random() % records.size()].offset + 1);
  crowd.Struck("retention", topic);
}
void StopBroker(Crowd& crowd, Random& random) {
  crowd.at.world.broker.Stop();
  After(crowd, Between(random, 5, 60), [&crowd] { crowd.at.world.broker.Start(); });
  crowd.Struck("broker_away", "");
}
void Wipe(Crowd& crowd, Random& random) {
  crowd.at.world.broker.Stop();
  crowd.at.world.broker.Wipe();
  After(crowd, Between(random, 5, 40), [&crowd] { crowd.at.world.broker.Start(); });
  crowd.Struck("broker_wiped", "");
}
void MuteOne(Crowd& crowd, Random& random) {
  Node& node = crowd.AnyNode(random);
  crowd.at.world.Mute(node, {random() % 2 == 0 ? "receipt" : "handover"});
  After(crowd, Between(random, 10, 90),
        [&crowd] { crowd.at.world.broker.SetPublishFault(nullptr); });
  crowd.Struck("muted", node.id());
}
void Poison(Crowd& crowd, Random& random) {
  const std::string topic = AnyTopic(crowd, random);
  const auto records = crowd.at.world.broker.Records(topic);
  if (records.empty()) return;
  exchange::BusRecord record = records[random() % records.size()];
  record.payload[random() % record.payload.size()] ^= 1;
  crowd.at.world.broker.Append(std::move(record));
  ++crowd.poisoned;
  crowd.Struck("poison", topic);
}
void ForgeOne(Crowd& crowd, Random& random) {
  Node& author = crowd.AnyNode(random);
  Node& reader = crowd.AnyNode(random);
  if (&author == &reader || !reader.running() || !author.running()) return;
  if (!ForgeReceipt(crowd.at.world, author, reader)) return;
  ++crowd.poisoned;
  crowd.Struck("forgery", absl::StrCat(author.id(), " to ", reader.id()));
}

// Clocks, the directory, keys.

void GoWrong(Crowd& crowd, Random& random) {
  Node& node = crowd.AnyNode(random);
  Clocks& clocks = crowd.clocks[node.id()];
  clocks.off = absl::Seconds(static_cast<int>(random() % 1200) - 600);
  After(crowd, Between(random, 20, 120), [&clocks] { clocks.off = absl::ZeroDuration(); });
  crowd.Struck("clock_jumps", node.id());
}
void SkipTime(Crowd& crowd, Random& random) {
  crowd.at.world.domain_clock.Skip(absl::Hours(1 + static_cast<int>(random() % 40)));
  crowd.Struck("domain_time_skips", "");
}
void Suspend(Crowd& crowd, Random& random) {
  Node& node = crowd.AnyNode(random);
  node.SetStatus(kSuspended);
  After(crowd, Between(random, 20, 90), [&node] { node.SetStatus(kInService); });
  crowd.Struck("suspension", node.id());
}
void PublishDirectory(Crowd& crowd, Random& random) {
  Node& node = crowd.AnyNode(random);
  crowd.at.world.directory.Put(*crowd.at.world.directory.Find(node.id()));
  crowd.Struck("directory_version", node.id());
}
void RenewOne(Crowd& crowd, Random& random) {
  Node& node = crowd.AnyNode(random);
  node.RenewKey();
  crowd.Struck("key_renewal", node.id());
}
void RetireAll(Crowd& crowd, Random& random) {
  Node& node = crowd.AnyNode(random);
  node.RetireKeys();
  crowd.Struck("key_retirement", node.id());
}

}  // namespace

const std::vector<Fault>& Faults() {
  static const auto* const all = new std::vector<Fault>{
      {"death_before_commit", absl::Seconds(40), &DieBefore},
      {"death_after_commit", absl::Seconds(40), &DieAfter},
      {"kill", absl::Seconds(60), &Kill},
      {"commit_fails", absl::Seconds(30), &FailCommits},
      {"key_commit_fails", absl::Seconds(60), &FailKeys},
      {"read_fails", absl::Seconds(60), &FailReads},
      {"disk_full", absl::Seconds(120), &FillDisk},
      {"publish_lost", absl::Seconds(20), &Lose},
      {"publish_report_lost", absl::Seconds(20), &LoseReport},
      {"publish_duplicated", absl::Seconds(20), &Duplicate},
      {"publish_denied", absl::Seconds(60), &Deny},
      {"time_stamp_refused", absl::Seconds(60), &RefuseClock},
      {"delay", absl::Seconds(60), &Delay},
      {"redelivery", absl::Seconds(20), &Redeliver},
      {"retention", absl::Seconds(40), &Truncate},
      {"broker_away", absl::Seconds(120), &StopBroker},
      {"broker_wiped", absl::Seconds(180), &Wipe},
      {"muted", absl::Seconds(120), &MuteOne},
      {"poison", absl::Seconds(60), &Poison},
      {"forgery", absl::Seconds(60), &ForgeOne},
      {"clock_jumps", absl::Seconds(90), &GoWrong},
      {"domain_time_skips", absl::Seconds(180), &SkipTime},
      {"suspension", absl::Seconds(150), &Suspend},
      {"directory_version", absl::Seconds(90), &PublishDirectory},
      {"key_renewal", absl::Seconds(90), &RenewOne},
      {"key_retirement", absl::Seconds(150), &RetireAll},
  };
  return *all;
}

namespace {

constexpr int kOnOfHundred = 40;

struct Striking {
  const Fault* fault;
  Random random;
  double rate;
};

void Arm(Crowd& crowd, const std::shared_ptr<Striking>& one) {
  std::exponential_distribution<double> wait(1.0);
  After(crowd, one->fault->every * (wait(one->random) * one->rate), [&crowd, one] {
    if (crowd.healed) return;
    one->fault->strike(crowd, one->random);
    Arm(crowd, one);
  });
}

}  // namespace

void LetStrike(Crowd& crowd, const RunOptions& options) {
  std::uint64_t index = 0;
  for (const Fault& fault : Faults()) {
    auto one =
        std::make_shared<Striking>(Striking{&fault, Random(options.seed * 1000 + ++index), 1.0});
    const bool on = one->random() % 100 < kOnOfHundred;
    one->rate = 0.5 + static_cast<double>(one->random() % 100) / 50;
    if (!on || options.without.contains(fault.name)) continue;
    crowd.report.on.emplace_back(fault.name);
    Arm(crowd, one);
  }
}

void HealAll(Crowd& crowd) {
  crowd.healed = true;
  World& world = crowd.at.world;
  world.broker.SetPublishFault(nullptr);
  world.broker.SetLatency(nullptr);
  world.broker.Start();
  for (auto& [id, clocks] : crowd.clocks) clocks.off = absl::ZeroDuration();
  for (Node* const node : crowd.nodes) {
    SetFull(*node, false);
    node->store().FailNextReads(0);
    node->keys().AllowCommits();
    node->DieAtCommit(kNever, false);
    node->SetStatus(kInService);
    node->Start();
  }
}

}  // namespace exitbus::simulation
