#include "adapters/kafka/consumer.h"

#include <algorithm>
#include <cstddef>
#include <utility>

#include "absl/time/time.h"
#include "services/exchange/ports/status_macros.h"
#include "services/exchange/ports/telemetry.h"

namespace exitbus::adapters {
namespace {

using exchange::BusRecord;

constexpr std::size_t kBatchRecordsMax = 200;
constexpr std::size_t kBatchBytesMax = 4 * 1024 * 1024;
constexpr std::chrono::seconds kStallLimit{10};
constexpr std::chrono::seconds kEndAskedEvery{1};
constexpr int kEndAskedWithinMs = 200;

void Wake(rd_kafka_t* client, void* mailbox) { static_cast<Mailbox*>(mailbox)->Wake(); }

BusRecord ToRecord(const rd_kafka_message_t& message) {
  BusRecord record;
  record.topic = rd_kafka_topic_name(message.rkt);
  if (message.payload != nullptr) {
    record.payload.assign(static_cast<const char*>(message.payload), message.len);
  }
  record.offset = message.offset;
  record.timestamp = absl::FromUnixMillis(rd_kafka_message_timestamp(&message, nullptr));
  rd_kafka_headers_t* headers = nullptr;
  if (rd_kafka_message_headers(&message, &headers) != RD_KAFKA_RESP_ERR_NO_ERROR) return record;
  const char* name = nullptr;
  const void* value = nullptr;
  std::size_t size = 0;
  for (std::size_t i = 0;
       rd_kafka_header_get_all(headers, i, &name, &value, &size) == RD_KAFKA_RESP_ERR_NO_ERROR;
       ++i) {
    record.headers.emplace_back(name, value == nullptr
                                          ? std::string()
                                          : std::string(static_cast<const char*>(value), size));
  }
  return record;
}

bool IsMissing(rd_kafka_resp_err_t error) {
  return error == RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART ||
         error == RD_KAFKA_RESP_ERR__UNKNOWN_TOPIC || error == RD_KAFKA_RESP_ERR__UNKNOWN_PARTITION;
}

}  // namespace

Consumer::Consumer(KafkaOptions options, std::shared_ptr<Mailbox> mailbox,
                   std::shared_ptr<Deliveries> deliveries, exchange::Executor* executor,
                   exchange::Telemetry* telemetry)
    : options_(std::move(options)),
      mailbox_(std::move(mailbox)),
      deliveries_(std::move(deliveries)),
      executor_(executor),
      telemetry_(telemetry) {}

Consumer::~Consumer() { Close(); }

void Consumer::Close() {
  for (auto& [name, topic] : topics_) StopReading(&topic);
  topics_.clear();
  errors_.reset();
  client_.reset();
}

absl::Status Consumer::Open() {
  ASSIGN_OR_RETURN(auto client, NewClient(options_, ClientRole::kConsumer, telemetry_));
  Close();
  Use(std::move(client));
  return absl::OkStatus();
}

absl::Status Consumer::Reopen() {
  ASSIGN_OR_RETURN(auto client, NewClient(options_, ClientRole::kConsumer, telemetry_));
  std::map<std::string, Topic> topics;
  for (auto& [name, topic] : topics_) {
    StopReading(&topic);
    topic.handle.reset();
    topics[name] = std::move(topic);
  }
  topics_.clear();
  Close();
  Use(std::move(client));
  topics_ = std::move(topics);
  for (auto& [name, topic] : topics_) StartReading(name, &topic);
  return absl::OkStatus();
}

void Consumer::Use(Kafka<rd_kafka_t> client) {
  client_ = std::move(client);
  errors_.reset(rd_kafka_queue_get_main(client_.get()));
  rd_kafka_queue_cb_event_enable(errors_.get(), &Wake, mailbox_.get());
}

void Consumer::Assign(const ReadTopic& command) {
  if (client_ == nullptr || !deliveries_->Counts(command.topic, command.generation)) return;
  Topic& topic = topics_[command.topic];
  StopReading(&topic);
  topic.generation = command.generation;
  topic.batch_out = false;
  topic.next = command.offset.value_or(-1);
  topic.end = -1;
  topic.caught_up = false;
  topic.still_since = Clock::now();
  topic.stall_logged = false;
  StartReading(command.topic, &topic);
}

// From `next`, or from the earliest there is.
void Consumer::StartReading(const std::string& name, Topic* topic) {
  if (topic->handle == nullptr) {
    topic->handle.reset(rd_kafka_topic_new(client_.get(), name.c_str(), nullptr));
  }
  topic->queue.reset(rd_kafka_queue_new(client_.get()));
  rd_kafka_queue_cb_event_enable(topic->queue.get(), &Wake, mailbox_.get());
  const std::int64_t from = topic->next < 0 ? RD_KAFKA_OFFSET_BEGINNING : topic->next;
  if (rd_kafka_consume_start_queue(topic->handle.get(), 0, from, topic->queue.get()) == 0) return;
  telemetry_->Log(exchange::Severity::kError, "bus.topic_not_assigned",
                  {{"topic", name}, {"error", rd_kafka_err2str(rd_kafka_last_error())}});
  topic->queue.reset();
}

// What has arrived and was not taken is forgotten.
void Consumer::StopReading(Topic* topic) {
  if (topic->queue == nullptr) return;
  rd_kafka_consume_stop(topic->handle.get(), 0);
  topic->queue.reset();
}

void Consumer::More(const ReadMore& command) {
  const auto found = topics_.find(command.topic);
  if (found == topics_.end() || found->second.generation != command.generation) return;
  found->second.batch_out = false;
  found->second.still_since = Clock::now();
}

void Consumer::Serve() {
  if (client_ == nullptr) return;
  ServeErrors();
  if (paused_) return;
  for (auto& [name, topic] : topics_) Deliver(name, &topic);
}

// Errors of connections are the monitor's to report.
void Consumer::ServeErrors() {
  while (true) {
    const Kafka<rd_kafka_event_t> event(rd_kafka_queue_poll(errors_.get(), 0));
    if (event == nullptr) return;
    const rd_kafka_resp_err_t error = rd_kafka_event_error(event.get());
    if (ToStatus(error).code() != absl::StatusCode::kPermissionDenied) continue;
    telemetry_->Count("bus_read_failures", {{"error", rd_kafka_err2name(error)}});
  }
}

void Consumer::Deliver(const std::string& name, Topic* topic) {
  if (topic->batch_out || topic->queue == nullptr) return;
  std::vector<BusRecord> records = TakeBatch(name, topic);
  if (records.empty()) return TellCaughtUp(name, topic);
  topic->batch_out = true;
  topic->next = records.back().offset + 1;
  topic->error = RD_KAFKA_RESP_ERR_NO_ERROR;
  topic->stall_logged = false;
  executor_->Post([deliveries = deliveries_, mailbox = mailbox_, name,
                   generation = topic->generation, records = std::move(records)]() mutable {
    if (!deliveries->Counts(name, generation)) return;
    deliveries->listener()->OnRecords(std::move(records), [mailbox, name, generation] {
      mailbox->Send(ReadMore{name, generation});
    });
  });
}

bool Consumer::IsBehind() const {
  return client_ != nullptr && !paused_ &&
         std::any_of(topics_.begin(), topics_.end(),
                     [](const auto& named) { return !named.second.caught_up; });
}

void Consumer::TellCaughtUp(const std::string& name, Topic* topic) {
  if (topic->caught_up || !HasReachedEnd(name, topic)) return;
  topic->caught_up = true;
  executor_->Post([deliveries = deliveries_, name, generation = topic->generation] {
    if (deliveries->Counts(name, generation)) deliveries->listener()->OnCaughtUp(name);
  });
}

// The first answer of the broker, be it empty, tells where the topic ends. Where nothing is left
// before that end, what was there is past its retention.
bool Consumer::HasReachedEnd(const std::string& name, Topic* topic) {
  std::int64_t low = RD_KAFKA_OFFSET_INVALID;
  std::int64_t high = RD_KAFKA_OFFSET_INVALID;
  if (topic->end < 0) {
    const auto heard = rd_kafka_get_watermark_offsets(client_.get(), name.c_str(), 0, &low, &high);
    if (heard != RD_KAFKA_RESP_ERR_NO_ERROR || high < 0) return false;
    topic->end = high;
  }
  if (std::max<std::int64_t>(topic->next, 0) >= topic->end) return true;
  if (Clock::now() - topic->end_asked < kEndAskedEvery) return false;
  topic->end_asked = Clock::now();
  const auto asked = rd_kafka_query_watermark_offsets(client_.get(), name.c_str(), 0, &low, &high,
                                                      kEndAskedWithinMs);
  return asked == RD_KAFKA_RESP_ERR_NO_ERROR && low >= topic->end;
}

std::vector<BusRecord> Consumer::TakeBatch(const std::string& name, Topic* topic) {
  std::vector<BusRecord> records;
  std::size_t bytes = 0;
  while (records.size() < kBatchRecordsMax && bytes < kBatchBytesMax) {
    const Kafka<rd_kafka_event_t> event(rd_kafka_queue_poll(topic->queue.get(), 0));
    if (event == nullptr) break;
    while (const rd_kafka_message_t* message = rd_kafka_event_message_next(event.get())) {
      if (message->err == RD_KAFKA_RESP_ERR_NO_ERROR) {
        bytes += message->len;
        records.push_back(ToRecord(*message));
      } else {
        NoteError(name, topic, message->err);
      }
    }
    if (rd_kafka_event_type(event.get()) == RD_KAFKA_EVENT_ERROR) {
      NoteError(name, topic, rd_kafka_event_error(event.get()));
    }
  }
  return records;
}

// librdkafka keeps trying; each kind of failure is told once, until something was read again. That
// a topic is missing or wholly refused is the monitor's to tell.
void Consumer::NoteError(const std::string& name, Topic* topic, rd_kafka_resp_err_t error) {
  telemetry_->Count("bus_read_failures", {{"error", rd_kafka_err2name(error)}});
  if (topic->error == error || IsMissing(error)) return;
  topic->error = error;
  telemetry_->Log(exchange::Severity::kWarning, "bus.read_failed",
                  {{"topic", name}, {"error", rd_kafka_err2str(error)}});
}

void Consumer::LookForStalls() {
  if (client_ == nullptr || paused_) return;
  for (auto& [name, topic] : topics_) {
    if (topic.batch_out || !StandsStill(name, topic)) {
      topic.still_since = Clock::now();
      continue;
    }
    if (Clock::now() - topic.still_since < kStallLimit) continue;
    topic.still_since = Clock::now();
    telemetry_->Count("bus_stalls", {{"topic", name}});
    if (std::exchange(topic.stall_logged, true)) continue;
    telemetry_->Log(exchange::Severity::kError, "bus.stalled",
                    {{"topic", name}, {"position", std::to_string(topic.next)}});
  }
}

bool Consumer::StandsStill(const std::string& name, const Topic& topic) {
  std::int64_t low = RD_KAFKA_OFFSET_INVALID;
  std::int64_t high = RD_KAFKA_OFFSET_INVALID;
  const auto error =
      rd_kafka_get_watermark_offsets(client_.get(), name.c_str(), 0, &low, &high);  // as last heard
  if (error != RD_KAFKA_RESP_ERR_NO_ERROR || high < 0) return false;
  return high > std::max(topic.next, low);
}

}  // namespace exitbus::adapters
