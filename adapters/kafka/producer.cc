#include "adapters/kafka/producer.h"

#include <array>
#include <utility>
#include <vector>

#include "absl/time/time.h"
#include "adapters/kafka/failure_name.h"
#include "services/exchange/ports/status_macros.h"
#include "services/exchange/ports/telemetry.h"

namespace exitbus::adapters {
namespace {

using exchange::Bus;
using exchange::BusRecord;
using std::chrono::steady_clock;

constexpr std::chrono::seconds kReopenDelay{1};
constexpr int kRetirePollMs = 50;
constexpr int kRetirePolls = 40;

void Wake(rd_kafka_t* client, void* mailbox) { static_cast<Mailbox*>(mailbox)->Wake(); }

rd_kafka_vu_t Value(rd_kafka_vtype_t type) {
  rd_kafka_vu_t value{};
  value.vtype = type;
  return value;
}

}  // namespace

Producer::Producer(KafkaOptions options, std::shared_ptr<Mailbox> mailbox,
                   std::shared_ptr<Deliveries> deliveries, exchange::Executor* executor,
                   exchange::Telemetry* telemetry)
    : options_(std::move(options)),
      mailbox_(std::move(mailbox)),
      deliveries_(std::move(deliveries)),
      executor_(executor),
      telemetry_(telemetry) {}

Producer::~Producer() {
  const std::lock_guard<std::mutex> lock(mutex_);
  if (client_ != nullptr) {
    rd_kafka_purge(client_.get(), RD_KAFKA_PURGE_F_QUEUE | RD_KAFKA_PURGE_F_INFLIGHT);
  }
  events_.reset();
  client_.reset();
}

absl::Status Producer::Open() { return Replace(Ending::kAtOnce); }
absl::Status Producer::Reopen() { return Replace(Ending::kDelivered); }

absl::Status Producer::Replace(Ending ending) {
  if (!options_.publishes) return absl::OkStatus();
  ASSIGN_OR_RETURN(auto opened, NewClient(options_, ClientRole::kProducer, telemetry_));
  Kafka<rd_kafka_t> client = std::move(opened);
  Kafka<rd_kafka_queue_t> events(rd_kafka_queue_get_main(client.get()));
  rd_kafka_queue_cb_event_enable(events.get(), &Wake, mailbox_.get());
  failed_ = false;
  std::uint64_t last_id = 0;
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    std::swap(client, client_);
    std::swap(events, events_);
    last_id = last_id_;
  }
  if (client != nullptr) Retire(std::move(client), std::move(events), last_id, ending);
  return absl::OkStatus();
}

// Ends a producer that was replaced; every record it still holds is reported as failed.
void Producer::Retire(Kafka<rd_kafka_t> client, Kafka<rd_kafka_queue_t> events,
                      std::uint64_t last_id, Ending ending) {
  const auto serve = [&] {
    for (int i = 0; i < kRetirePolls && rd_kafka_outq_len(client.get()) > 0; ++i) {
      ServeEvents(client.get(), events.get(), kRetirePollMs);
    }
  };
  if (ending == Ending::kDelivered) serve();
  rd_kafka_purge(client.get(), RD_KAFKA_PURGE_F_QUEUE | RD_KAFKA_PURGE_F_INFLIGHT);
  serve();
  events.reset();
  client.reset();
  std::vector<Outcome> outcomes;
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    for (auto it = waiting_.begin(); it != waiting_.end();) {
      if (it->first > last_id) {
        ++it;
        continue;
      }
      outcomes.push_back({std::move(it->second), PublishFailure(RD_KAFKA_RESP_ERR__PURGE_QUEUE)});
      it = waiting_.erase(it);
    }
  }
  Post(std::move(outcomes));
}

void Producer::Publish(BusRecord record, Bus::Done done) {
  absl::Status status;
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    const std::uint64_t id = ++last_id_;
    status = Produce(record, id);
    if (status.ok()) {
      waiting_.emplace(id, std::move(done));
      return;
    }
  }
  std::vector<Outcome> outcomes;
  outcomes.push_back({std::move(done), status});
  Post(std::move(outcomes));
}

absl::Status Producer::Produce(const BusRecord& record, std::uint64_t id) {
  if (client_ == nullptr) return PublishFailure(RD_KAFKA_RESP_ERR__DESTROY);
  // A topic that is new to the client is asked for at once when it is made by this call; one that
  // rd_kafka_produceva() makes waits for the client's next look around, up to a second.
  const Kafka<rd_kafka_topic_t> topic(
      rd_kafka_topic_new(client_.get(), record.topic.c_str(), nullptr));
  if (topic == nullptr) return PublishFailure(rd_kafka_last_error());
  rd_kafka_headers_t* headers = rd_kafka_headers_new(record.headers.size());
  for (const auto& [name, value] : record.headers) {
    rd_kafka_header_add(headers, name.data(), static_cast<ssize_t>(name.size()), value.data(),
                        static_cast<ssize_t>(value.size()));
  }
  std::array<rd_kafka_vu_t, 7> values = {
      Value(RD_KAFKA_VTYPE_RKT),      Value(RD_KAFKA_VTYPE_PARTITION), Value(RD_KAFKA_VTYPE_VALUE),
      Value(RD_KAFKA_VTYPE_MSGFLAGS), Value(RD_KAFKA_VTYPE_TIMESTAMP), Value(RD_KAFKA_VTYPE_OPAQUE),
      Value(RD_KAFKA_VTYPE_HEADERS)};
  values[0].u.rkt = topic.get();
  values[1].u.i32 = 0;
  values[2].u.mem.ptr = const_cast<char*>(record.payload.data());  // copied, see the flags
  values[2].u.mem.size = record.payload.size();
  values[3].u.i = RD_KAFKA_MSG_F_COPY;
  values[4].u.i64 = absl::ToUnixMillis(record.timestamp);
  values[5].u.ptr = reinterpret_cast<void*>(static_cast<std::uintptr_t>(id));
  values[6].u.headers = headers;
  const Kafka<rd_kafka_error_t> error(
      rd_kafka_produceva(client_.get(), values.data(), values.size()));
  if (error == nullptr) return absl::OkStatus();
  rd_kafka_headers_destroy(headers);  // taken over only on success
  return PublishFailure(rd_kafka_error_code(error.get()));
}

void Producer::Serve() {
  // Only this thread replaces them, so that they stay while it looks.
  if (client_ != nullptr) {
    ServeEvents(client_.get(), events_.get(), 0);
    CheckFailed();
  }
  if (!failed_ || steady_clock::now() < reopen_at_) return;
  reopen_at_ = steady_clock::now() + kReopenDelay;
  const absl::Status status = Open();
  if (!status.ok()) {
    telemetry_->Log(exchange::Severity::kError, "bus.producer_not_replaced",
                    {{"error", std::string(status.message())}});
  }
}

void Producer::ServeEvents(rd_kafka_t* client, rd_kafka_queue_t* queue, int timeout_ms) {
  while (true) {
    const Kafka<rd_kafka_event_t> event(rd_kafka_queue_poll(queue, timeout_ms));
    if (event == nullptr) return;
    if (rd_kafka_event_type(event.get()) == RD_KAFKA_EVENT_DR) OnReports(client, event.get());
  }
}

void Producer::OnReports(rd_kafka_t* client, rd_kafka_event_t* event) {
  const std::string cluster_id = ClusterId(client);
  std::vector<Outcome> outcomes;
  while (const rd_kafka_message_t* message = rd_kafka_event_message_next(event)) {
    const auto id = static_cast<std::uint64_t>(reinterpret_cast<std::uintptr_t>(message->_private));
    Result result = exchange::PublishedAt{.offset = message->offset, .cluster_id = cluster_id};
    if (message->err != RD_KAFKA_RESP_ERR_NO_ERROR) {
      result = PublishFailure(message->err);
      telemetry_->Count("bus_publish_failures", {{"error", rd_kafka_err2name(message->err)}});
    }
    outcomes.push_back({Take(id), std::move(result)});
  }
  Post(std::move(outcomes));
}

// librdkafka has given the producer up; connection failures are the monitor's to report.
void Producer::CheckFailed() {
  std::array<char, 256> text{};
  if (failed_ ||
      rd_kafka_fatal_error(client_.get(), text.data(), text.size()) == RD_KAFKA_RESP_ERR_NO_ERROR) {
    return;
  }
  failed_ = true;
  telemetry_->Count("bus_producers_replaced", {});
  telemetry_->Log(exchange::Severity::kWarning, "bus.producer_failed",
                  {{"error", WithoutTopics(text.data())}});
}

Bus::Done Producer::Take(std::uint64_t id) {
  const std::lock_guard<std::mutex> lock(mutex_);
  auto node = waiting_.extract(id);
  return node.empty() ? Bus::Done() : std::move(node.mapped());
}

void Producer::Post(std::vector<Outcome> outcomes) {
  if (outcomes.empty()) return;
  executor_->Post([deliveries = deliveries_, outcomes = std::move(outcomes)]() mutable {
    if (deliveries->listener() == nullptr) return;  // the bus is gone, and its user with it
    for (Outcome& outcome : outcomes) {
      if (outcome.done) outcome.done(std::move(outcome.result));
    }
  });
}

}  // namespace exitbus::adapters
