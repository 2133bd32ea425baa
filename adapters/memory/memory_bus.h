// A message broker in this process, with the faults a real one has. For tests.
//
// Many MemoryBus, each one authority's client, share one MemoryBroker. Listeners and callbacks run
// on the executor of the client. Nothing is delivered to a client after its MemoryBus is destroyed.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "services/exchange/ports/bus.h"
#include "services/exchange/ports/time.h"

namespace exitbus::adapters {

enum class PublishFault {
  kNone,
  kLost,             // UNAVAILABLE, and not in the topic
  kStoredButFailed,  // UNAVAILABLE, yet in the topic
  kDuplicated,       // OK, and twice in the topic
  kDenied,           // PERMISSION_DENIED, and not in the topic
  kClockRefused,     // OUT_OF_RANGE, and not in the topic
};

class MemoryBusClient;

// Thread-safe. Outlives its clients.
class MemoryBroker {
 public:
  // Formatted with the cluster id "cluster-1"; each Wipe counts on.
  MemoryBroker() = default;

  // Faults of the next `count` publishes, before `SetPublishFault` is asked.
  void FailNextPublishes(int count, PublishFault fault);
  // Asked at every publish what befalls it; null: nothing.
  void SetPublishFault(std::function<PublishFault(const exchange::BusRecord&)> fault);

  // How long a report of a publish takes, and a record to its reader, by its topic; asked for each
  // of them. Null: the client's latency.
  void SetLatency(std::function<absl::Duration(const std::string& topic)> latency);

  // Every client hears OnUnavailable; publishes fail as UNAVAILABLE until Start.
  void Stop();
  // Every client hears OnCluster again and goes on reading where it stood.
  void Start();
  // All topics are gone and there is a new cluster id. Every client hears OnCluster (when the
  // broker is up) and must call Read again: its assignments are void.
  void Wipe();

  // What a topic's retention does: records before `offset` are gone.
  void DropBefore(const std::string& topic, std::int64_t offset);

  // What a rebalance does: its readers get the last `count` records that they were given once more.
  void Redeliver(const std::string& topic, std::int64_t count);

  // Puts a record into its topic as if published, past all faults: a forgery, a replay. Returns
  // its offset.
  std::int64_t Append(exchange::BusRecord record);

  std::string cluster_id() const;
  // Names of topics with records, in byte order.
  std::vector<std::string> Topics() const;
  // The records in a topic, oldest first.
  std::vector<exchange::BusRecord> Records(const std::string& topic) const;

 private:
  friend class MemoryBus;
  friend class MemoryBusClient;

  struct Topic {
    std::int64_t earliest = 0;
    std::deque<exchange::BusRecord> records;
    std::vector<std::weak_ptr<MemoryBusClient>> readers;
  };

  void Connect(const std::shared_ptr<MemoryBusClient>& client);
  void AddReader(const std::string& topic, const std::shared_ptr<MemoryBusClient>& client);
  absl::StatusOr<exchange::PublishedAt> Publish(exchange::BusRecord record);
  // Up to `limit` records from `offset` (out of range: the earliest); none if the broker is
  // stopped or no longer the cluster `cluster_id`.
  std::vector<exchange::BusRecord> Fetch(const std::string& cluster_id, const std::string& topic,
                                         std::optional<std::int64_t> offset, std::size_t limit);
  // The offset after a topic's last record; nullopt where Fetch gives nothing whatever is there.
  std::optional<std::int64_t> End(const std::string& cluster_id, const std::string& topic);

  // With mutex_ held:
  std::int64_t AppendLocked(exchange::BusRecord record);
  std::string ClusterIdLocked() const;
  void TellClients();

  PublishFault NextFault(const exchange::BusRecord& record);
  absl::Duration LatencyOf(const std::string& topic, absl::Duration otherwise) const;

  mutable std::mutex mutex_;  // guards all below
  bool up_ = true;
  int formatted_ = 1;
  std::map<std::string, Topic> topics_;
  std::vector<std::weak_ptr<MemoryBusClient>> clients_;
  std::deque<PublishFault> next_faults_;
  std::function<PublishFault(const exchange::BusRecord&)> fault_;
  mutable std::mutex latency_mutex_;  // guards latency_
  std::function<absl::Duration(const std::string&)> latency_;
};

struct MemoryBusOptions {
  // Simulated time from a publish to its report, and from a record's arrival to its reader.
  absl::Duration latency = absl::ZeroDuration();
  std::size_t batch_records_max = 100;
};

class MemoryBus final : public exchange::Bus {
 public:
  // `broker` and `executor` outlive the bus.
  MemoryBus(MemoryBroker* broker, exchange::Executor* executor, MemoryBusOptions options = {});
  ~MemoryBus() override;

  void Start(exchange::BusListener* listener) override;
  void Read(exchange::Priority priority, const std::string& topic,
            std::optional<std::int64_t> offset) override;
  void Publish(exchange::Priority priority, exchange::BusRecord record, Done done) override;

 private:
  const std::shared_ptr<MemoryBusClient> client_;
};

}  // namespace exitbus::adapters
