// One connection's producer. Internal to this folder.
//
// Publish() is for any thread; everything else for the connection's thread.
#pragma once

#include <librdkafka/rdkafka.h>

#include <chrono>
#include <cstdint>
#include <memory>
#include <mutex>
#include <unordered_map>

#include "adapters/kafka/client.h"
#include "adapters/kafka/deliveries.h"
#include "adapters/kafka/mailbox.h"
#include "services/exchange/ports/bus.h"
#include "services/exchange/ports/time.h"

namespace exitbus::exchange {
class Telemetry;
}

namespace exitbus::adapters {

class Producer {
 public:
  Producer(KafkaOptions options, std::shared_ptr<Mailbox> mailbox,
           std::shared_ptr<Deliveries> deliveries, exchange::Executor* executor,
           exchange::Telemetry* telemetry);
  ~Producer();
  Producer(const Producer&) = delete;
  Producer& operator=(const Producer&) = delete;

  void Publish(exchange::BusRecord record, exchange::Bus::Done done);

  // Makes the producer, or makes it anew: what the old one had not delivered fails.
  absl::Status Open();
  // Likewise, but the old one may first deliver what it holds.
  absl::Status Reopen();

  // Passes on what librdkafka has reported, and replaces a producer that failed for good.
  void Serve();

 private:
  using Result = absl::StatusOr<exchange::PublishedAt>;
  struct Outcome {
    exchange::Bus::Done done;
    Result result;
  };

  absl::Status Produce(const exchange::BusRecord& record, std::uint64_t id);
  void ServeEvents(rd_kafka_t* client, rd_kafka_queue_t* queue, int timeout_ms);
  void OnReports(rd_kafka_t* client, rd_kafka_event_t* event);
  void CheckFailed();
  enum class Ending { kAtOnce, kDelivered };
  absl::Status Replace(Ending ending);
  void Retire(Kafka<rd_kafka_t> client, Kafka<rd_kafka_queue_t> events, std::uint64_t last_id,
              Ending ending);
  exchange::Bus::Done Take(std::uint64_t id);
  void Post(std::vector<Outcome> outcomes);

  const KafkaOptions options_;
  const std::shared_ptr<Mailbox> mailbox_;
  const std::shared_ptr<Deliveries> deliveries_;
  exchange::Executor* const executor_;
  exchange::Telemetry* const telemetry_;

  std::mutex mutex_;  // guards what follows, against Publish()
  Kafka<rd_kafka_t> client_;
  Kafka<rd_kafka_queue_t> events_;
  std::unordered_map<std::uint64_t, exchange::Bus::Done> waiting_;
  std::uint64_t last_id_ = 0;

  bool failed_ = false;  // for good, by librdkafka's word
  std::chrono::steady_clock::time_point reopen_at_;
};

}  // namespace exitbus::adapters
