// Asks the broker who it is and whether the topics we read are there, and notices when it goes and
// comes. Internal to this folder.
#pragma once

#include <librdkafka/rdkafka.h>

#include <atomic>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "adapters/kafka/client.h"

namespace exitbus::adapters {

class BrokerMonitor {
 public:
  // Both run on the monitor's thread. `up`: the broker answers after it did not, or is another
  // cluster than before; an error means that it could not be taken into use, and is asked for
  // again. `down`: no broker answers, told once, and again when the reason becomes another.
  using Up = std::function<absl::Status(const std::string& cluster_id)>;
  using Down = std::function<void(const absl::Status& why)>;

  // On the monitor's thread: a topic is no longer as it was, or was looked at for the first time.
  using TopicState = std::function<void(const std::string& topic, rd_kafka_resp_err_t error)>;

  // On the monitor's thread: the certificate files were replaced. An error, likewise: it is told
  // again.
  using CertificatesReplaced = std::function<absl::Status()>;

  BrokerMonitor(Up up, Down down, TopicState topic_state, CertificatesReplaced certificates)
      : up_(std::move(up)),
        down_(std::move(down)),
        topic_state_(std::move(topic_state)),
        certificates_(std::move(certificates)) {}
  ~BrokerMonitor() { Stop(); }
  BrokerMonitor(const BrokerMonitor&) = delete;
  BrokerMonitor& operator=(const BrokerMonitor&) = delete;

  absl::Status Open(const KafkaOptions& options, exchange::Telemetry* telemetry);
  void Start();
  void Stop();

  // Looks after `topic` from now on. Thread-safe.
  void Know(const std::string& topic);

 private:
  void Run();
  void CheckCertificates();
  // The monitor's own client.
  absl::Status Reopen();
  absl::Status Ask();
  void LookAtTopics(const struct rd_kafka_metadata& metadata);
  void WaitForTrouble();
  void ReadErrors(int timeout_ms);
  void ReportDown(const absl::Status& why);

  const Up up_;
  const Down down_;
  const TopicState topic_state_;
  const CertificatesReplaced certificates_;
  KafkaOptions options_;
  exchange::Telemetry* telemetry_ = nullptr;
  Kafka<rd_kafka_t> client_;
  Kafka<rd_kafka_queue_t> events_;
  std::atomic<bool> stopping_ = false;
  std::thread thread_;

  std::mutex mutex_;
  // Guarded by mutex_, as is replacing client_ and events_; before client_ goes.
  std::map<std::string, Kafka<rd_kafka_topic_t>> topics_;

  // Of the monitor's thread.
  std::string fingerprint_;  // of the certificate files in use
  bool reported_certificates_ = false;
  bool is_up_ = false;
  std::string cluster_id_;
  std::optional<absl::StatusCode> reported_down_;
  absl::Status last_error_;
  bool lost_ = false;  // every connection
  std::map<std::string, rd_kafka_resp_err_t> topic_states_;
};

}  // namespace exitbus::adapters
