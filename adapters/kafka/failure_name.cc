#include "adapters/kafka/failure_name.h"

#include <vector>

#include "absl/algorithm/container.h"
#include "adapters/kafka/client.h"

namespace exitbus::adapters {

namespace {

struct Named {
  const char* name;
  std::vector<int> errors;
};

const std::vector<Named>& Names() {
  static const auto* names = new std::vector<Named>{
      {"broker_unreachable",
       {RD_KAFKA_RESP_ERR__TRANSPORT, RD_KAFKA_RESP_ERR__RESOLVE,
        RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN, RD_KAFKA_RESP_ERR_BROKER_NOT_AVAILABLE,
        RD_KAFKA_RESP_ERR_NETWORK_EXCEPTION}},
      {"timed_out",
       {RD_KAFKA_RESP_ERR__MSG_TIMED_OUT, RD_KAFKA_RESP_ERR__TIMED_OUT,
        RD_KAFKA_RESP_ERR__TIMED_OUT_QUEUE, RD_KAFKA_RESP_ERR_REQUEST_TIMED_OUT}},
      {"not_authenticated",
       {RD_KAFKA_RESP_ERR__SSL, RD_KAFKA_RESP_ERR__AUTHENTICATION,
        RD_KAFKA_RESP_ERR_SASL_AUTHENTICATION_FAILED}},
      {"not_authorized",
       {RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED, RD_KAFKA_RESP_ERR_GROUP_AUTHORIZATION_FAILED,
        RD_KAFKA_RESP_ERR_CLUSTER_AUTHORIZATION_FAILED}},
      {"topic_missing",
       {RD_KAFKA_RESP_ERR__UNKNOWN_TOPIC, RD_KAFKA_RESP_ERR__UNKNOWN_PARTITION,
        RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART}},
      {"cluster_not_ready",
       {RD_KAFKA_RESP_ERR_LEADER_NOT_AVAILABLE, RD_KAFKA_RESP_ERR_NOT_LEADER_FOR_PARTITION,
        RD_KAFKA_RESP_ERR_NOT_ENOUGH_REPLICAS, RD_KAFKA_RESP_ERR_NOT_ENOUGH_REPLICAS_AFTER_APPEND}},
      {"time_refused", {RD_KAFKA_RESP_ERR_INVALID_TIMESTAMP}},
      {"too_large",
       {RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE, RD_KAFKA_RESP_ERR_RECORD_LIST_TOO_LARGE}},
      {"record_refused",
       {RD_KAFKA_RESP_ERR_INVALID_MSG, RD_KAFKA_RESP_ERR_INVALID_RECORD,
        RD_KAFKA_RESP_ERR_POLICY_VIOLATION, RD_KAFKA_RESP_ERR__INVALID_ARG}},
      {"over_quota", {RD_KAFKA_RESP_ERR_THROTTLING_QUOTA_EXCEEDED}},
      {"queue_full", {RD_KAFKA_RESP_ERR__QUEUE_FULL}},
      {"producer_replaced",
       {RD_KAFKA_RESP_ERR__PURGE_QUEUE, RD_KAFKA_RESP_ERR__PURGE_INFLIGHT,
        RD_KAFKA_RESP_ERR__DESTROY, RD_KAFKA_RESP_ERR__FATAL,
        RD_KAFKA_RESP_ERR_OUT_OF_ORDER_SEQUENCE_NUMBER, RD_KAFKA_RESP_ERR_INVALID_PRODUCER_EPOCH}},
  };
  return *names;
}

}  // namespace

const char* FailureName(rd_kafka_resp_err_t error) {
  for (const Named& named : Names()) {
    if (absl::c_linear_search(named.errors, static_cast<int>(error))) return named.name;
  }
  return "other";
}

absl::Status PublishFailure(rd_kafka_resp_err_t error) {
  return absl::Status(ToStatus(error).code(), FailureName(error));
}

}  // namespace exitbus::adapters
