// Authorities on a simulated clock, bus and store, all in one thread: the real engine and the real
// rules, with faults on demand. Same seed, same run.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "adapters/memory/memory_bus.h"
#include "adapters/memory/memory_directory.h"
#include "adapters/memory/memory_store.h"
#include "adapters/memory/recording_telemetry.h"
#include "adapters/memory/seeded_random.h"
#include "adapters/memory/simulated_time.h"
#include "adapters/unicode/utf8proc_unicode.h"
#include "exitbus/directory/v1/directory.pb.h"
#include "exitbus/handover/v1/handover.pb.h"
#include "exitbus/policy/v1/policy.pb.h"
#include "services/exchange/engine.h"
#include "services/exchange/environment.h"
#include "services/exchange/vault.h"
#include "tests/simulation/kept.h"

namespace exitbus::simulation {

class MortalStore;
class World;

// One authority's process and what it keeps when the process dies.
class Node {
 public:
  Node(World* world, Kept kept);
  ~Node();

  // kill -9: everything but the stores is gone.
  void Crash();
  void Start();

  // Dies once, at the `nth` commit from now: before it is durable, or right after, when nobody has
  // heard of it yet. It is started again after a few seconds.
  void DieAtCommit(int nth, bool durable);
  bool died() const;

  // Calls and waits, simulated time passing, for at most a minute. A call that gets no answer
  // (the process died) is UNAVAILABLE.
  template <class Response, class Request>
  absl::StatusOr<Response> Call(const std::string& method, const Request& request);

  // A handover RPC with a request of any type; the handover it answers with.
  absl::StatusOr<handover::v1::Handover> CallHandover(const std::string& method,
                                                      const google::protobuf::Message& request);

  // The whole answer, for who compares it byte by byte.
  exchange::Answer Ask(const std::string& method, const google::protobuf::Message& request);

  // As its process does when its disk is full, or no more.
  void SetDiskFull(bool full);

  // Opens a watch that ends with this process, or when it is hung up.
  void Watch(const std::string& method, std::shared_ptr<exchange::WatchSink> sink);
  bool Watches(const exchange::WatchSink* sink) const { return sessions_.contains(sink); }
  // A message of a watch's client; all that is due happens. Nothing if the watch is not under
  // route.
  void Notify(const exchange::WatchSink* sink, std::unique_ptr<google::protobuf::Message> message);
  void HangUp(const exchange::WatchSink* sink);
  // Its client sends no more and has read all it was told; all that is due happens.
  void Drained(const exchange::WatchSink* sink);

  const std::string& id() const { return id_; }
  adapters::MemoryStore& store() { return *store_; }
  adapters::MemoryStore& keys() { return *keys_; }
  adapters::RecordingTelemetry& telemetry() { return telemetry_; }
  exchange::Environment& environment() { return environment_; }
  exchange::Caller& caller() { return caller_; }
  bool running() const { return engine_ != nullptr; }
  exchange::Engine& engine() { return *engine_; }
  // Replaces the store, as restoring a backup does.
  void Restore(std::unique_ptr<adapters::MemoryStore> store);

  // What this process would commit on reading the record. It is not kept, here or anywhere else;
  // the process goes on as if it were, and is to be started anew.
  std::vector<exchange::Write> Rehearse(exchange::BusRecord record);

  // As an operator does in the keys file: a fresh sealing key in front; all but the newest
  // destroyed.
  void RenewKey();
  void RetireKeys();
  // What its topic of this channel holds.
  std::vector<exchange::BusRecord> Received(policy::v1::Channel channel) const;
  // As the directory's signers do.
  void SetStatus(directory::v1::AuthorityStatus status);

  // Reads its topics to their end, or waits as long as a process does, and serves from then on. A
  // call to a process that does not serve yet waits for this.
  void Serve();

  policy::v1::AuthorityKind kind() const { return kind_; }

  // Letters not yet receipted by their recipient.
  std::size_t unreceipted() const;

 private:
  exchange::Answer CallRaw(const std::string& method,
                           std::unique_ptr<google::protobuf::Message> request);
  exchange::Answer AnswerTo(const std::string& method,
                            std::unique_ptr<google::protobuf::Message> request);

  World* world_;
  std::string id_;
  policy::v1::AuthorityKind kind_;
  exchange::Caller caller_;
  std::unique_ptr<adapters::MemoryStore> store_;
  std::unique_ptr<adapters::MemoryStore> keys_;
  std::unique_ptr<MortalStore> mortal_store_;
  adapters::RecordingTelemetry telemetry_;
  std::unique_ptr<exchange::MasterKey> master_key_;
  exchange::Environment environment_;
  std::unique_ptr<exchange::Executor> executor_;
  std::unique_ptr<exchange::Vault> vault_;
  std::unique_ptr<exchange::Bus> bus_;
  std::unique_ptr<exchange::Engine> engine_;
  bool serves_ = false;
  std::map<const exchange::WatchSink*, std::unique_ptr<exchange::WatchSession>> sessions_;
};

// The domain's time, which may be ahead of the wall clock as a development clock is.
class DomainClock : public exchange::Clock {
 public:
  explicit DomainClock(const exchange::Clock* wall) : wall_(wall) {}
  absl::Time Now() const override { return wall_->Now() + ahead_; }
  void Skip(absl::Duration by) { ahead_ += by; }

 private:
  const exchange::Clock* wall_;
  absl::Duration ahead_;
};

class World {
 public:
  explicit World(std::uint64_t seed = 1);

  Node& Municipality(const std::string& code);
  Node& Kriminalforsorgen(const std::string& code);
  Node& Nec();
  // Vestegnen's unit ("1469") or Fyn's ("1465"); the case files involve them once they are here.
  Node& Police(const std::string& district);
  Node& ContactPoint();
  // One that has begun elsewhere.
  Node& Add(Kept kept);

  // Lets everything settle: every process up and no letter unreceipted, within a simulated day.
  [[nodiscard]] bool Settle();
  void Pass(absl::Duration time) { executor.RunFor(time); }
  // The domain's time goes on by this much at once, for all; what falls due by it happens.
  void Skip(absl::Duration time);
  std::string RequestId() { return "request-" + std::to_string(++requests_); }

  // What the node publishes of these channels ("receipt", "handover") is lost until Heal(): it
  // acts, and nobody hears. Heal() lets everything settle.
  void Mute(const Node& node, std::vector<std::string> channels);
  [[nodiscard]] bool Heal();

  // Applied to the service of every process that starts from now on: another version of the
  // program.
  std::function<void(exchange::Service&)> another_version;
  // Puts something between a process that starts from now on and its ports, and between its vault
  // and the store of keys. What it puts there outlives the process.
  std::function<void(Node&, exchange::Environment&, exchange::Store*& keys)> between;
  // A process that cannot start is started again after a few seconds; else it ends the test.
  bool supervised = false;
  // Hears every call and what came of it.
  std::function<void(Node&, const std::string& method, const google::protobuf::Message& request,
                     const exchange::Answer&)>
      hears;

  adapters::SimulatedClock clock;
  DomainClock domain_clock{&clock};
  adapters::SimulatedExecutor executor;
  adapters::MemoryBroker broker;
  adapters::MemoryDirectory directory;
  adapters::SeededRandom random;
  adapters::Utf8procUnicode unicode;
  std::unique_ptr<exchange::Crypto> crypto;

 private:
  Node& FindOrBegin(const std::string& id, policy::v1::AuthorityKind kind, const std::string& code);

  std::map<std::string, std::unique_ptr<Node>> nodes_;
  int requests_ = 0;
};

// The refusing rule of a failed call; "" for anything else.
std::string RuleOf(const absl::Status& status);

template <class Response, class Request>
absl::StatusOr<Response> Node::Call(const std::string& method, const Request& request) {
  const exchange::Answer answer = CallRaw(method, std::make_unique<Request>(request));
  if (answer.reply == nullptr) {
    return absl::Status(answer.refusal.code, answer.refusal.reason);
  }
  return static_cast<const Response&>(*answer.reply);
}

}  // namespace exitbus::simulation
