// One connection's consumer: each topic has a queue of its own, so that a topic whose last batch is
// still being worked on holds no other. For the connection's thread only. Internal to this folder.
//
// librdkafka's consumer without a group: positions are ours alone, so a group would do nothing but
// want rights, and a client with one never ends once a topic it read was deleted
// (librdkafka 2.0.2), which is what a wiped broker looks like.
#pragma once

#include <librdkafka/rdkafka.h>

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "adapters/kafka/client.h"
#include "adapters/kafka/deliveries.h"
#include "adapters/kafka/mailbox.h"
#include "services/exchange/ports/bus.h"
#include "services/exchange/ports/time.h"

namespace exitbus::exchange {
class Telemetry;
}

namespace exitbus::adapters {

class Consumer {
 public:
  Consumer(KafkaOptions options, std::shared_ptr<Mailbox> mailbox,
           std::shared_ptr<Deliveries> deliveries, exchange::Executor* executor,
           exchange::Telemetry* telemetry);
  ~Consumer();
  Consumer(const Consumer&) = delete;
  Consumer& operator=(const Consumer&) = delete;

  // Makes the consumer, or makes it anew; no topic is assigned then.
  absl::Status Open();
  // Makes the consumer anew; every topic is read on from where it stands.
  absl::Status Reopen();

  void Assign(const ReadTopic& command);
  void More(const ReadMore& command);
  void set_paused(bool paused) { paused_ = paused; }

  // Passes on what has arrived.
  void Serve();
  // Whether a topic has not been read yet to where it ended: Serve is to be called soon again.
  bool IsBehind() const;
  // Looks for partitions that stand still although there is more to read. For once a second.
  void LookForStalls();

 private:
  using Clock = std::chrono::steady_clock;

  struct Topic {
    std::uint64_t generation = 0;
    Kafka<rd_kafka_topic_t> handle;
    Kafka<rd_kafka_queue_t> queue;
    bool batch_out = false;  // until the engine asks for more
    std::int64_t next = -1;  // the offset expected next, -1 if unknown
    rd_kafka_resp_err_t error = RD_KAFKA_RESP_ERR_NO_ERROR;
    std::int64_t end = -1;  // where it ended when it was first read from, -1 if unknown
    bool caught_up = false;
    Clock::time_point end_asked;
    Clock::time_point still_since;
    bool stall_logged = false;
  };

  void Close();
  void Use(Kafka<rd_kafka_t> client);
  void StartReading(const std::string& name, Topic* topic);
  void StopReading(Topic* topic);
  void ServeErrors();
  void Deliver(const std::string& name, Topic* topic);
  // Tells once that all is here which was in the topic at the beginning.
  void TellCaughtUp(const std::string& name, Topic* topic);
  bool HasReachedEnd(const std::string& name, Topic* topic);
  std::vector<exchange::BusRecord> TakeBatch(const std::string& name, Topic* topic);
  void NoteError(const std::string& name, Topic* topic, rd_kafka_resp_err_t error);
  bool StandsStill(const std::string& name, const Topic& topic);

  const KafkaOptions options_;
  const std::shared_ptr<Mailbox> mailbox_;
  const std::shared_ptr<Deliveries> deliveries_;
  exchange::Executor* const executor_;
  exchange::Telemetry* const telemetry_;

  Kafka<rd_kafka_t> client_;
  Kafka<rd_kafka_queue_t> errors_;  // of the whole client
  std::map<std::string, Topic> topics_;
  bool paused_ = true;
};

}  // namespace exitbus::adapters
