#include "adapters/memory/memory_bus.h"

#include <algorithm>
#include <utility>

#include "absl/status/status.h"

namespace exitbus::adapters {

using exchange::BusRecord;
using exchange::PublishedAt;

namespace {

// What is larger is refused, as Kafka's client does.
constexpr std::size_t kRecordBytesMax = 1'000'000;

}  // namespace

// A bus's inside, shared with the tasks it posts, which do nothing once it is gone. All members
// but the Tell functions are for the executor only.
class MemoryBusClient : public std::enable_shared_from_this<MemoryBusClient> {
 public:
  MemoryBusClient(MemoryBroker* broker, exchange::Executor* executor, MemoryBusOptions options)
      : broker_(broker), executor_(executor), options_(options) {}

  // Thread-safe.
  void TellCluster(const std::string& cluster_id) {
    Post(absl::ZeroDuration(),
         [cluster_id](MemoryBusClient& client) { client.OnCluster(cluster_id); });
  }
  // Thread-safe.
  void TellUnavailable() {
    Post(absl::ZeroDuration(), [](MemoryBusClient& client) {
      client.listener_->OnUnavailable(absl::UnavailableError("the broker is stopped"));
    });
  }
  // Thread-safe.
  void TellRecords(const std::string& topic) {
    Post(broker_->LatencyOf(topic, options_.latency),
         [topic](MemoryBusClient& client) { client.Pump(topic); });
  }
  // Thread-safe.
  void TellRewound(const std::string& topic, std::int64_t count) {
    Post(absl::ZeroDuration(), [topic, count](MemoryBusClient& client) {
      const auto found = client.assignments_.find(topic);
      if (found == client.assignments_.end() || !found->second.next) return;
      found->second.next = std::max<std::int64_t>(0, *found->second.next - count);
      client.Pump(topic);
    });
  }

  void Start(exchange::BusListener* listener) {
    listener_ = listener;
    broker_->Connect(shared_from_this());
  }

  void Read(const std::string& topic, std::optional<std::int64_t> offset) {
    assignments_[topic] = {offset, ++assigned_};
    broker_->AddReader(topic, shared_from_this());
    TellRecords(topic);
  }

  void Publish(BusRecord record, exchange::Bus::Done done) {
    const absl::Duration latency = broker_->LatencyOf(record.topic, options_.latency);
    absl::StatusOr<PublishedAt> result = broker_->Publish(std::move(record));
    Post(latency, [result = std::move(result), done = std::move(done)](MemoryBusClient&) mutable {
      done(std::move(result));
    });
  }

 private:
  struct Assignment {
    std::optional<std::int64_t> next;
    std::int64_t id = 0;
    bool batch_out = false;             // the listener has a batch and has not asked for more
    std::optional<std::int64_t> end{};  // where the topic ended when it was first read from
    bool caught_up = false;
  };

  template <typename Then>
  void Post(absl::Duration delay, Then then) {
    executor_->PostAfter(delay, [weak = weak_from_this(), then = std::move(then)]() mutable {
      if (const auto client = weak.lock()) then(*client);
    });
  }

  void OnCluster(const std::string& cluster_id) {
    const bool wiped = !cluster_id_.empty() && cluster_id != cluster_id_;
    if (wiped) assignments_.clear();
    cluster_id_ = cluster_id;
    listener_->OnCluster(cluster_id);
    for (const auto& [topic, assignment] : assignments_) TellRecords(topic);
  }

  void Pump(const std::string& topic) {
    const auto found = assignments_.find(topic);
    if (found == assignments_.end() || found->second.batch_out) return;
    Assignment& assignment = found->second;
    std::vector<BusRecord> records =
        broker_->Fetch(cluster_id_, topic, assignment.next, options_.batch_records_max);
    if (!assignment.end) assignment.end = broker_->End(cluster_id_, topic);
    if (!assignment.caught_up && assignment.end &&
        (records.empty() || assignment.next.value_or(0) >= *assignment.end)) {
      assignment.caught_up = true;
      listener_->OnCaughtUp(topic);
    }
    if (records.empty()) return;
    assignment.next = records.back().offset + 1;
    assignment.batch_out = true;
    const auto more = [weak = weak_from_this(), topic, id = assignment.id] {
      const auto client = weak.lock();
      if (client == nullptr) return;
      client->Post(absl::ZeroDuration(), [topic, id](MemoryBusClient& self) {
        const auto still = self.assignments_.find(topic);
        if (still == self.assignments_.end() || still->second.id != id) return;
        still->second.batch_out = false;
        self.Pump(topic);
      });
    };
    listener_->OnRecords(std::move(records), more);
  }

  MemoryBroker* const broker_;
  exchange::Executor* const executor_;
  const MemoryBusOptions options_;
  exchange::BusListener* listener_ = nullptr;
  std::string cluster_id_;
  std::int64_t assigned_ = 0;
  std::map<std::string, Assignment> assignments_;
};

void MemoryBroker::FailNextPublishes(int count, PublishFault fault) {
  const std::lock_guard lock(mutex_);
  next_faults_.insert(next_faults_.end(), static_cast<std::size_t>(count), fault);
}

void MemoryBroker::SetPublishFault(std::function<PublishFault(const BusRecord&)> fault) {
  const std::lock_guard lock(mutex_);
  fault_ = std::move(fault);
}

void MemoryBroker::SetLatency(std::function<absl::Duration(const std::string&)> latency) {
  const std::lock_guard lock(latency_mutex_);
  latency_ = std::move(latency);
}

// Under a lock of its own, as readers are told under the other one.
absl::Duration MemoryBroker::LatencyOf(const std::string& topic, absl::Duration otherwise) const {
  const std::lock_guard lock(latency_mutex_);
  return latency_ ? latency_(topic) : otherwise;
}

void MemoryBroker::Stop() {
  const std::lock_guard lock(mutex_);
  up_ = false;
  TellClients();
}

void MemoryBroker::Start() {
  const std::lock_guard lock(mutex_);
  up_ = true;
  TellClients();
}

void MemoryBroker::Wipe() {
  const std::lock_guard lock(mutex_);
  topics_.clear();
  ++formatted_;
  if (up_) TellClients();
}

void MemoryBroker::TellClients() {
  const std::string cluster_id = ClusterIdLocked();
  std::erase_if(clients_, [](const auto& client) { return client.expired(); });
  for (const auto& weak : clients_) {
    const auto client = weak.lock();
    if (client == nullptr) continue;
    if (up_) {
      client->TellCluster(cluster_id);
    } else {
      client->TellUnavailable();
    }
  }
}

void MemoryBroker::DropBefore(const std::string& name, std::int64_t offset) {
  const std::lock_guard lock(mutex_);
  Topic& topic = topics_[name];
  while (topic.earliest < offset && !topic.records.empty()) {
    topic.records.pop_front();
    ++topic.earliest;
  }
}

void MemoryBroker::Redeliver(const std::string& name, std::int64_t count) {
  const std::lock_guard lock(mutex_);
  for (const auto& reader : topics_[name].readers) {
    if (const auto client = reader.lock()) client->TellRewound(name, count);
  }
}

std::int64_t MemoryBroker::Append(BusRecord record) {
  const std::lock_guard lock(mutex_);
  return AppendLocked(std::move(record));
}

std::int64_t MemoryBroker::AppendLocked(BusRecord record) {
  const std::string name = record.topic;
  Topic& topic = topics_[name];
  record.offset = topic.earliest + static_cast<std::int64_t>(topic.records.size());
  topic.records.push_back(std::move(record));
  for (const auto& reader : topic.readers) {
    if (const auto client = reader.lock()) client->TellRecords(name);
  }
  return topic.records.back().offset;
}

std::string MemoryBroker::ClusterIdLocked() const {
  return "cluster-" + std::to_string(formatted_);
}

std::string MemoryBroker::cluster_id() const {
  const std::lock_guard lock(mutex_);
  return ClusterIdLocked();
}

std::vector<std::string> MemoryBroker::Topics() const {
  const std::lock_guard lock(mutex_);
  std::vector<std::string> names;
  for (const auto& [name, topic] : topics_) {
    if (!topic.records.empty()) names.push_back(name);
  }
  return names;
}

std::vector<BusRecord> MemoryBroker::Records(const std::string& topic) const {
  const std::lock_guard lock(mutex_);
  const auto found = topics_.find(topic);
  if (found == topics_.end()) return {};
  return {found->second.records.begin(), found->second.records.end()};
}

void MemoryBroker::Connect(const std::shared_ptr<MemoryBusClient>& client) {
  const std::lock_guard lock(mutex_);
  clients_.push_back(client);
  if (up_) {
    client->TellCluster(ClusterIdLocked());
  } else {
    client->TellUnavailable();
  }
}

void MemoryBroker::AddReader(const std::string& topic,
                             const std::shared_ptr<MemoryBusClient>& client) {
  const std::lock_guard lock(mutex_);
  auto& readers = topics_[topic].readers;
  std::erase_if(readers, [&client](const std::weak_ptr<MemoryBusClient>& reader) {
    return reader.expired() || reader.lock() == client;
  });
  readers.push_back(client);
}

PublishFault MemoryBroker::NextFault(const BusRecord& record) {
  std::function<PublishFault(const BusRecord&)> asked;
  {
    const std::lock_guard lock(mutex_);
    if (!next_faults_.empty()) {
      const PublishFault fault = next_faults_.front();
      next_faults_.pop_front();
      return fault;
    }
    asked = fault_;
  }
  return asked ? asked(record) : PublishFault::kNone;
}

absl::StatusOr<PublishedAt> MemoryBroker::Publish(BusRecord record) {
  const PublishFault fault = NextFault(record);
  const std::lock_guard lock(mutex_);
  if (!up_) return absl::UnavailableError("broker_unreachable");
  if (record.payload.size() > kRecordBytesMax) {
    return absl::InvalidArgumentError("too_large");
  }
  const auto store = [&] { return PublishedAt{AppendLocked(record), ClusterIdLocked()}; };
  switch (fault) {
    case PublishFault::kNone:
      return store();
    case PublishFault::kLost:
      return absl::UnavailableError("timed_out");
    case PublishFault::kStoredButFailed:
      store();
      return absl::UnavailableError("timed_out");
    case PublishFault::kDuplicated:
      store();
      return store();
    case PublishFault::kDenied:
      return absl::PermissionDeniedError("not_authorized");
    case PublishFault::kClockRefused:
      return absl::OutOfRangeError("time_refused");
  }
  return absl::InternalError("no such fault");
}

std::vector<BusRecord> MemoryBroker::Fetch(const std::string& cluster_id, const std::string& name,
                                           std::optional<std::int64_t> offset, std::size_t limit) {
  const std::lock_guard lock(mutex_);
  if (!up_ || cluster_id != ClusterIdLocked()) return {};
  const Topic& topic = topics_[name];
  const auto count = static_cast<std::int64_t>(topic.records.size());
  std::int64_t from = offset.value_or(topic.earliest);
  if (from < topic.earliest || from > topic.earliest + count) from = topic.earliest;
  const auto first = static_cast<std::size_t>(from - topic.earliest);
  const std::size_t last = std::min(topic.records.size(), first + limit);
  return {topic.records.begin() + static_cast<std::ptrdiff_t>(first),
          topic.records.begin() + static_cast<std::ptrdiff_t>(last)};
}

std::optional<std::int64_t> MemoryBroker::End(const std::string& cluster_id,
                                              const std::string& name) {
  const std::lock_guard lock(mutex_);
  if (!up_ || cluster_id != ClusterIdLocked()) return std::nullopt;
  const Topic& topic = topics_[name];
  return topic.earliest + static_cast<std::int64_t>(topic.records.size());
}

MemoryBus::MemoryBus(MemoryBroker* broker, exchange::Executor* executor, MemoryBusOptions options)
    : client_(std::make_shared<MemoryBusClient>(broker, executor, options)) {}

MemoryBus::~MemoryBus() = default;

void MemoryBus::Start(exchange::BusListener* listener) { client_->Start(listener); }

void MemoryBus::Read(exchange::Priority priority, const std::string& topic,
                     std::optional<std::int64_t> offset) {
  client_->Read(topic, offset);
}

void MemoryBus::Publish(exchange::Priority priority, BusRecord record, Done done) {
  client_->Publish(std::move(record), std::move(done));
}

}  // namespace exitbus::adapters
