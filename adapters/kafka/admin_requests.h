// What an administrator may ask of a broker, a call each, however many topics or entries. Internal
// to this folder.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "adapters/kafka/client.h"
#include "adapters/kafka/topic_settings.h"
#include "services/policy/access.h"

namespace exitbus::adapters {

struct FoundTopic {
  int partitions = 0;
  int replicas = 0;  // of its first partition
};

struct FoundCluster {
  int brokers = 0;  // that are there now
  std::map<std::string, FoundTopic> topics;
};

// Each call blocks, at most 35 s a request. UNAVAILABLE: no broker, or it could not do it now;
// PERMISSION_DENIED: not for this principal. Thread-safe.
class AdminRequests {
 public:
  explicit AdminRequests(Kafka<rd_kafka_t> client) : client_(std::move(client)) {}

  absl::StatusOr<FoundCluster> Cluster();
  // Of each of `topics`, which must be there: its settings, the broker's own defaults included.
  absl::StatusOr<std::map<std::string, TopicSettings>> Settings(
      const std::vector<std::string>& topics);
  // The same, but only what was set on the topic itself.
  absl::StatusOr<std::map<std::string, TopicSettings>> SettingsOfTheirOwn(
      const std::vector<std::string>& topics);
  // Replaces all that was set on each topic.
  absl::Status SetSettings(const std::map<std::string, TopicSettings>& topics);
  // One that is there already is no error.
  absl::Status CreateTopics(const std::vector<policy::TopicSpec>& topics, int replicas);

  // Of topics, groups and the cluster; others give nobody access to a record. librdkafka 2.0 passes
  // a refusal to tell over in silence: nothing is listed then, and so all that is wanted missing.
  absl::StatusOr<std::vector<policy::AclSpec>> Acls();
  absl::Status CreateAcls(const std::vector<policy::AclSpec>& acls);
  absl::Status DeleteAcls(const std::vector<policy::AclSpec>& acls);

 private:
  using Send = std::function<void(const rd_kafka_AdminOptions_t*, rd_kafka_queue_t*)>;
  using IsAsked = std::function<bool(const rd_kafka_ConfigEntry_t*)>;

  absl::StatusOr<Kafka<rd_kafka_event_t>> Ask(rd_kafka_admin_op_t operation, const Send& send);
  template <typename Owned, typename All, typename Make, typename Request, typename Results,
            typename Look>
  absl::Status AskInParts(rd_kafka_admin_op_t operation, const All& all, Make make, Request request,
                          Results results, Look look);
  absl::StatusOr<std::map<std::string, TopicSettings>> Describe(
      const std::vector<std::string>& topics, const IsAsked& is_asked);

  const Kafka<rd_kafka_t> client_;
};

}  // namespace exitbus::adapters
