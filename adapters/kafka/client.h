// librdkafka's handles, owned, and clients configured as the channel needs them. Internal to this
// folder.
#pragma once

#include <librdkafka/rdkafka.h>

#include <chrono>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "adapters/kafka/kafka_options.h"

namespace exitbus::exchange {
class Telemetry;
}

namespace exitbus::adapters {

// Ends a client, which waits for its threads; one that has not ended within `limit` is left to end
// by itself and counted as bus_clients_abandoned: better that than a service that stands still.
void EndClient(rd_kafka_t* client, std::chrono::milliseconds limit);

struct KafkaDeleter {
  void operator()(rd_kafka_t* client) const { EndClient(client, std::chrono::seconds(5)); }
  void operator()(rd_kafka_queue_t* queue) const { rd_kafka_queue_destroy(queue); }
  void operator()(rd_kafka_event_t* event) const { rd_kafka_event_destroy(event); }
  void operator()(rd_kafka_conf_t* conf) const { rd_kafka_conf_destroy(conf); }
  void operator()(rd_kafka_error_t* error) const { rd_kafka_error_destroy(error); }
  void operator()(rd_kafka_topic_t* topic) const { rd_kafka_topic_destroy(topic); }
};

template <typename Handle>
using Kafka = std::unique_ptr<Handle, KafkaDeleter>;

enum class ClientRole {
  kControl,   // asks the broker who it is; administers it
  kProducer,  // idempotent, acks=all
  kConsumer,  // of assigned partitions, without a group
};

// Queues and topics of the client must be gone before the client is. INVALID_ARGUMENT: librdkafka
// refuses the options or a file. `telemetry` gets librdkafka's warnings and must outlive the
// client.
absl::StatusOr<Kafka<rd_kafka_t>> NewClient(const KafkaOptions& options, ClientRole role,
                                            exchange::Telemetry* telemetry);

// What the certificate files are at this moment; another value: one of them was replaced.
std::string Fingerprint(const KafkaOptions& options);

// UNAVAILABLE unless the error says that another attempt alone cannot help: PERMISSION_DENIED,
// UNAUTHENTICATED (TLS or login refused), INVALID_ARGUMENT (record too large).
absl::Status ToStatus(rd_kafka_resp_err_t error, const std::string& detail = {});

// `text` without topic names: the name of a topic written to tells who is written to.
std::string WithoutTopics(const std::string& text);

// The cluster id that the client heard last, empty if none; never waits.
std::string ClusterId(rd_kafka_t* client);

}  // namespace exitbus::adapters
