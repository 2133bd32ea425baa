#include "tests/outsider/bus_flood.h"

#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "services/exchange/ports/directory.h"
#include "services/policy/topics.h"
#include "tests/e2e/environment.h"
#include "tests/separation/forger.h"
#include "tests/separation/kafka_wire.h"
#include "tests/separation/own_broker.h"
#include "tests/story/actors.h"
#include "tests/tables/policy_tables.h"

namespace exitbus::story {
namespace {

namespace ev1 = exchange::v1;
namespace pv1 = policy::v1;

constexpr int kRecordsMax = 100'000;
constexpr std::size_t kBytesMax = std::size_t{400} * 1024 * 1024;
constexpr int kLettersMany = 64;
constexpr std::size_t kLarge = 900 * 1024;  // a little less than the broker takes
constexpr int kLargeEvery = 16;             // rounds

// A topic that it may write to, and what it may send there.
struct Target {
  const Member* victim;
  pv1::Channel channel;
  std::string topic;
  std::shared_ptr<const exchange::DirectoryEntry> entry;
  std::vector<ev1::Body> messages;
};

std::vector<Target> TargetsOf(const Member& outsider) {
  std::vector<Target> targets;
  for (const Member& victim : Cast()) {
    if (victim.id == outsider.id) continue;
    for (int i = 1; i <= pv1::Channel_MAX; ++i) {
      const auto channel = static_cast<pv1::Channel>(i);
      if (!tables::FlowTable::Get().Sends(outsider.kind, channel, victim.kind)) continue;
      Target target{&victim,
                    channel,
                    policy::TopicName(channel, victim.kind, victim.code),
                    EntryOf(victim.id),
                    {}};
      for (const auto& [name, body] : EveryMessage()) {
        if (tables::FlowTable::Get().Sends(name, outsider.kind, channel, victim.kind)) {
          target.messages.push_back(body);
        }
      }
      targets.push_back(std::move(target));
    }
  }
  return targets;
}

class Flood {
 public:
  explicit Flood(const Member& outsider) : outsider_(outsider), targets_(TargetsOf(outsider)) {}

  std::map<std::string, int> Run(absl::Time until) {
    for (int round = 0; absl::Now() < until && !Spent(); ++round) {
      const Target& target = targets_[static_cast<std::size_t>(round) % targets_.size()];
      Publish("well formed, of a new subject", target, Sealed(target, {Letter(target, round)}));
      std::vector<ev1::Letter> many;
      for (int i = 0; i < kLettersMany; ++i) many.push_back(Letter(target, round + i));
      Publish("64 letters, each of a new subject", target, Sealed(target, many));
      Publish("a letter before the first", target, Sealed(target, {LaterLetter(target, round)}));
      const WireRecord good = Sealed(target, {Letter(target, round)});
      Publish("altered by a bit", target, WithFlippedBit(good, 0.5));
      Publish("of another type", target, WithHeader(good, "ce_type", "exitbus.none.v1"));
      Publish("a long header", target, WithHeader(good, "ce_id", std::string(10'000, 'x')));
      WireRecord rubbish = good;
      rubbish.value = std::string(1000, static_cast<char>('a' + round % 26));
      Publish("rubbish", target, rubbish);
      if (round % kLargeEvery != 0) continue;
      rubbish.value = std::string(kLarge, 'x');
      Publish("large rubbish", target, rubbish);
    }
    return counts_;
  }

 private:
  bool Spent() const { return records_ >= kRecordsMax || bytes_ >= kBytesMax; }

  ev1::Letter Letter(const Target& target, int which) const {
    return LetterSaying(target.messages[static_cast<std::size_t>(which) % target.messages.size()],
                        outsider_.id, target.victim->id, target.channel, FreshId());
  }

  // Numbered as if others had gone before it.
  ev1::Letter LaterLetter(const Target& target, int which) const {
    ev1::Letter letter = Letter(target, which);
    ev1::Link link;
    EXPECT_TRUE(link.ParseFromString(letter.link()));
    link.set_number(7);
    letter.set_link(link.SerializeAsString());
    return letter;
  }

  WireRecord Sealed(const Target& target, const std::vector<ev1::Letter>& letters) const {
    ev1::Packet packet;
    for (const ev1::Letter& letter : letters) *packet.mutable_letters()->add_letters() = letter;
    return SealedBy(outsider_.id, *target.entry, packet, target.channel);
  }

  void Publish(const std::string& what, const Target& target, const WireRecord& record) {
    ++records_;
    bytes_ += record.value.size();
    if (wire_ == nullptr) {
      auto wire = KafkaWire::Connect(BrokerClient(TheDeployment().broker_address(), outsider_.id));
      ASSERT_TRUE(wire.ok()) << wire.status();
      wire_ = *std::move(wire);
    }
    const bool taken = wire_->Publish(target.topic, record).ok();
    ++counts_[taken ? what : absl::StrCat(what, ", not taken by the broker")];
    if (!taken) wire_.reset();
  }

  const Member& outsider_;
  const std::vector<Target> targets_;
  std::unique_ptr<KafkaWire> wire_;
  std::map<std::string, int> counts_;
  int records_ = 0;
  std::size_t bytes_ = 0;
};

}  // namespace

std::map<std::string, int> FloodBus(const Member& outsider, absl::Time until) {
  return Flood(outsider).Run(until);
}

}  // namespace exitbus::story
