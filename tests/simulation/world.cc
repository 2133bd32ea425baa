#include "tests/simulation/world.h"

#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <functional>
#include <optional>
#include <utility>

#include "adapters/sodium/sodium_crypto.h"
#include "services/exchange/sealing.h"
#include "services/policy/topics.h"
#include "tests/simulation/authorities.h"
#include "tests/simulation/own_signatures.h"

namespace exitbus::simulation {
namespace {

namespace pv1 = policy::v1;

constexpr absl::Duration kCallTimeout = absl::Minutes(1);
constexpr absl::Duration kRestartAfter = absl::Seconds(5);  // by whatever supervises it
constexpr absl::Duration kCatchUpWaitMax = absl::Seconds(20);
constexpr absl::Duration kSettleTimeout = absl::Hours(24);

}  // namespace

// A store whose process dies at a chosen commit: from then on every commit fails, until a new
// process begins.
class MortalStore : public exchange::Store {
 public:
  void Begin(exchange::Store* store) {
    store_ = store;
    dead_ = false;
  }
  void DieAt(int nth, bool durable, std::function<void()> die) {
    commits_left_ = nth;
    durable_ = durable;
    die_ = std::move(die);
  }
  bool has_killed() const { return has_killed_; }
  // Commits are put there from now on, and nowhere else; null: they are kept again.
  void Rehearse(std::vector<exchange::Write>* commits) { rehearsed_ = commits; }

  absl::StatusOr<std::optional<std::string>> Get(exchange::Table table,
                                                 std::string_view key) override {
    return store_->Get(table, key);
  }
  absl::StatusOr<std::vector<std::optional<std::string>>> GetMany(
      const std::vector<exchange::RowName>& rows) override {
    return store_->GetMany(rows);
  }
  absl::StatusOr<std::vector<exchange::Row>> Scan(exchange::Table table, std::string_view prefix,
                                                  std::string_view after,
                                                  std::size_t limit) override {
    return store_->Scan(table, prefix, after, limit);
  }

 private:
  absl::Status CommitAll(exchange::Durability durability,
                         const std::vector<exchange::Write>& writes) override {
    if (dead_) return absl::UnavailableError("the process is dead");
    if (rehearsed_ != nullptr) {
      rehearsed_->insert(rehearsed_->end(), writes.begin(), writes.end());
      return absl::OkStatus();
    }
    if (die_ == nullptr || commits_left_-- > 0) return store_->Commit(durability, writes);
    if (durable_) {
      EXPECT_TRUE(store_->Commit(durability, writes).ok());
    }
    dead_ = true;
    has_killed_ = true;
    std::exchange(die_, nullptr)();
    return absl::UnavailableError("the process is dead");
  }

  exchange::Store* store_ = nullptr;
  std::vector<exchange::Write>* rehearsed_ = nullptr;
  bool dead_ = false;
  bool durable_ = false;
  bool has_killed_ = false;
  int commits_left_ = 0;
  std::function<void()> die_;
};

Node::Node(World* world, Kept kept)
    : world_(world),
      id_(kept.entry.id),
      kind_(kept.entry.kind),
      store_(std::move(kept.store)),
      keys_(std::move(kept.keys)),
      mortal_store_(std::make_unique<MortalStore>()),
      master_key_(std::move(kept.master_key)) {
  environment_.self = id_;
  environment_.settings = std::move(kept.settings);
  environment_.secrets = std::move(kept.secrets);
  environment_.crypto = world->crypto.get();
  environment_.random = &world->random;
  environment_.unicode = &world->unicode;
  environment_.clock = &world->domain_clock;
  environment_.wall_clock = &world->clock;
  environment_.directory = &world->directory;
  environment_.telemetry = &telemetry_;
  caller_ = {id_, "system",
             kind_ == pv1::AUTHORITY_KIND_MUNICIPALITY ? "exit-coordinator" : "case-officer",
             "employee-1", "exit support"};
  world->directory.Put(std::move(kept.entry));
}

Node::~Node() { Crash(); }

void Node::Crash() {
  sessions_.clear();  // their clients' connections; what they still post dies with the executor
  executor_.reset();
  engine_.reset();
  bus_.reset();
  vault_.reset();
  store_->LosePower();
}

void Node::DieAtCommit(int nth, bool durable) {
  mortal_store_->DieAt(nth, durable, [this] {
    world_->executor.Post([this] { Crash(); });
    world_->executor.PostAfter(kRestartAfter, [this] { Start(); });
  });
}

bool Node::died() const { return mortal_store_->has_killed(); }

void Node::Start() {
  if (running()) return;
  executor_ = world_->executor.NewProcess();
  bus_ = std::make_unique<adapters::MemoryBus>(&world_->broker, executor_.get());
  mortal_store_->Begin(store_.get());
  environment_.store = mortal_store_.get();
  environment_.bus = bus_.get();
  environment_.executor = executor_.get();
  exchange::Store* keys = keys_.get();
  if (world_->between) world_->between(*this, environment_, keys);
  vault_ = std::make_unique<exchange::Vault>(keys, environment_.crypto, &world_->random,
                                             master_key_.get());
  environment_.vault = vault_.get();
  exchange::Service service{AuthorityOf(kind_).Aggregates(), {}};
  if (world_->another_version) world_->another_version(service);
  engine_ = std::make_unique<exchange::Engine>(environment_, std::move(service));
  serves_ = false;
  if (engine_->Start().ok()) return;
  if (!world_->supervised) std::abort();
  Crash();
  world_->executor.PostAfter(kRestartAfter, [this] { Start(); });
}

void Node::Serve() {
  if (serves_) return;
  // A process serves after that time, whatever it has read.
  (void)world_->executor.RunUntil([&] { return engine_ == nullptr || engine_->caught_up(); },
                                  kCatchUpWaitMax);
  serves_ = engine_ != nullptr;
}

void Node::Restore(std::unique_ptr<adapters::MemoryStore> store) {
  Crash();
  store_ = std::move(store);
  Start();
}

std::vector<exchange::Write> Node::Rehearse(exchange::BusRecord record) {
  std::vector<exchange::Write> commits;
  mortal_store_->Rehearse(&commits);
  std::vector<exchange::BusRecord> records;
  records.push_back(std::move(record));
  engine_->OnRecords(std::move(records), [] {});
  world_->executor.RunUntilIdle();
  mortal_store_->Rehearse(nullptr);
  return commits;
}

void Node::RenewKey() {
  auto& sealing = environment_.secrets.sealing;
  sealing.insert(sealing.begin(), {world_->crypto->NewSealingKey(), world_->clock.Now()});
  if (running()) engine_->SetSealingKeys(sealing);
}

void Node::RetireKeys() {
  environment_.secrets.sealing.resize(1);
  if (running()) engine_->SetSealingKeys(environment_.secrets.sealing);
}

std::vector<exchange::BusRecord> Node::Received(pv1::Channel channel) const {
  return world_->broker.Records(
      policy::TopicName(channel, kind_, world_->directory.Find(id_)->code));
}

void Node::SetStatus(directory::v1::AuthorityStatus status) {
  exchange::DirectoryEntry entry = *world_->directory.Find(id_);
  entry.status = status;
  world_->directory.Put(std::move(entry));
}

std::size_t Node::unreceipted() const { return store_->rows(exchange::Table::kOutbox).size(); }

exchange::Answer Node::CallRaw(const std::string& method,
                               std::unique_ptr<google::protobuf::Message> request) {
  if (!world_->hears) return AnswerTo(method, std::move(request));
  std::unique_ptr<google::protobuf::Message> asked(request->New());
  asked->CopyFrom(*request);
  exchange::Answer answer = AnswerTo(method, std::move(request));
  world_->hears(*this, method, *asked, answer);
  return answer;
}

exchange::Answer Node::AnswerTo(const std::string& method,
                                std::unique_ptr<google::protobuf::Message> request) {
  // Shared, because an engine that dies drops the call.
  auto answer = std::make_shared<std::optional<exchange::Answer>>();
  exchange::Call call;
  call.method = method;
  call.caller = caller_;
  call.request = std::move(request);
  call.done = [answer](exchange::Answer given) { *answer = std::move(given); };
  if (engine_ != nullptr) Serve();
  if (engine_ != nullptr) {  // it may have died since
    engine_->Handle(std::move(call));
    if (world_->executor.RunUntil([&] { return answer->has_value(); }, kCallTimeout)) {
      return *std::move(*answer);
    }
  }
  return {nullptr, exchange::RefusedBy("simulation.no_answer", "", absl::StatusCode::kUnavailable)};
}

void Node::SetDiskFull(bool full) { engine_->SetDiskFull(full); }

void Node::Watch(const std::string& method, std::shared_ptr<exchange::WatchSink> sink) {
  const exchange::WatchSink* key = sink.get();
  auto session = engine_->Watch({method, caller_, std::move(sink)});
  if (session != nullptr) sessions_[key] = std::move(session);
}

void Node::Notify(const exchange::WatchSink* sink,
                  std::unique_ptr<google::protobuf::Message> message) {
  const auto session = sessions_.find(sink);
  if (session == sessions_.end()) return;
  session->second->Receive(std::move(message), [] {});
  world_->executor.RunUntilIdle();
}

void Node::HangUp(const exchange::WatchSink* sink) { sessions_.erase(sink); }

void Node::Drained(const exchange::WatchSink* sink) {
  const auto session = sessions_.find(sink);
  if (session == sessions_.end()) return;
  session->second->Drained();
  world_->executor.RunUntilIdle();
}

exchange::Answer Node::Ask(const std::string& method, const google::protobuf::Message& request) {
  std::unique_ptr<google::protobuf::Message> copy(request.New());
  copy->CopyFrom(request);
  return CallRaw(method, std::move(copy));
}

absl::StatusOr<handover::v1::Handover> Node::CallHandover(
    const std::string& method, const google::protobuf::Message& request) {
  const exchange::Answer answer = Ask(method, request);
  if (answer.reply == nullptr) return absl::Status(answer.refusal.code, answer.refusal.reason);
  // Every response of HandoverService carries its handover in its first field.
  return static_cast<const handover::v1::Handover&>(answer.reply->GetReflection()->GetMessage(
      *answer.reply, answer.reply->GetDescriptor()->field(0)));
}

World::World(std::uint64_t seed)
    : executor(&clock),
      random(seed),
      crypto(RecognisingOwnSignatures(adapters::MakeSodiumCrypto())) {}

Node& World::Add(Kept kept) {
  std::unique_ptr<Node>& node = nodes_[kept.entry.id];
  node = std::make_unique<Node>(this, std::move(kept));
  node->Start();
  return *node;
}

Node& World::FindOrBegin(const std::string& id, pv1::AuthorityKind kind, const std::string& code) {
  const auto found = nodes_.find(id);
  return found != nodes_.end() ? *found->second : Add(Begun(*this, id, kind, code));
}

Node& World::Municipality(const std::string& code) {
  return FindOrBegin("municipality-" + code, pv1::AUTHORITY_KIND_MUNICIPALITY, code);
}

Node& World::Kriminalforsorgen(const std::string& code) {
  return FindOrBegin("kriminalforsorgen-" + code, pv1::AUTHORITY_KIND_KRIMINALFORSORGEN, code);
}

Node& World::Nec() { return FindOrBegin("nec", pv1::AUTHORITY_KIND_NEC, "national"); }

Node& World::Police(const std::string& district) {
  return FindOrBegin("police-" + district, pv1::AUTHORITY_KIND_POLICE, district);
}

Node& World::ContactPoint() {
  return FindOrBegin("contact-point", pv1::AUTHORITY_KIND_CONTACT_POINT, "national");
}

void World::Skip(absl::Duration time) {
  domain_clock.Skip(time);
  Pass(absl::Seconds(2));
}

void World::Mute(const Node& node, std::vector<std::string> channels) {
  broker.SetPublishFault([id = node.id(), channels](const exchange::BusRecord& record) {
    const bool of_these =
        std::any_of(channels.begin(), channels.end(), [&](const std::string& channel) {
          return record.topic.find("." + channel + ".") != std::string::npos;
        });
    return of_these && exchange::RecordSource(record) == id ? adapters::PublishFault::kLost
                                                            : adapters::PublishFault::kNone;
  });
}

bool World::Heal() {
  broker.SetPublishFault(nullptr);
  return Settle();
}

bool World::Settle() {
  executor.RunUntilIdle();
  return executor.RunUntil(
      [&] {
        for (const auto& [id, node] : nodes_) {
          if (!node->running() || node->unreceipted() > 0) return false;
        }
        return true;
      },
      kSettleTimeout);
}

std::string RuleOf(const absl::Status& status) { return std::string(status.message()); }

}  // namespace exitbus::simulation
