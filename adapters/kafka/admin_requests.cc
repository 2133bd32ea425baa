#include "adapters/kafka/admin_requests.h"

#include <algorithm>
#include <array>
#include <memory>
#include <utility>

#include "absl/strings/str_cat.h"
#include "adapters/kafka/acl_binding.h"
#include "services/exchange/ports/status_macros.h"

namespace exitbus::adapters {
namespace {

using policy::AclSpec;
using policy::TopicSpec;

constexpr int kRequestLimitMs = 30000;
constexpr int kAnswerLimitMs = kRequestLimitMs + 5000;
constexpr std::size_t kPerRequestMax = 200;

struct Destroy {
  void operator()(rd_kafka_NewTopic_t* topic) const { rd_kafka_NewTopic_destroy(topic); }
  void operator()(rd_kafka_ConfigResource_t* topic) const {
    rd_kafka_ConfigResource_destroy(topic);
  }
  void operator()(rd_kafka_AdminOptions_t* options) const {
    rd_kafka_AdminOptions_destroy(options);
  }
};
using NewTopic = std::unique_ptr<rd_kafka_NewTopic_t, Destroy>;
using TopicConfig = std::unique_ptr<rd_kafka_ConfigResource_t, Destroy>;

absl::Status ToStatus(const rd_kafka_error_t* error) {
  if (error == nullptr) return absl::OkStatus();
  return adapters::ToStatus(rd_kafka_error_code(error), rd_kafka_error_string(error));
}

// The operator is told which topic.
absl::Status OfTopic(rd_kafka_resp_err_t error, const char* topic) {
  const absl::Status status = adapters::ToStatus(error);
  if (status.ok()) return status;
  return {status.code(), absl::StrCat(std::string(status.message()), ": topic ", topic)};
}

absl::StatusOr<NewTopic> ToNewTopic(const TopicSpec& topic, int replicas) {
  std::array<char, 512> text{};
  NewTopic result(rd_kafka_NewTopic_new(topic.name.c_str(), 1, replicas, text.data(), text.size()));
  if (result == nullptr) return absl::InvalidArgumentError(text.data());
  for (const auto& [name, value] : SettingsOf(topic, replicas)) {
    const auto error = rd_kafka_NewTopic_set_config(result.get(), name.c_str(), value.c_str());
    if (error != RD_KAFKA_RESP_ERR_NO_ERROR) return adapters::ToStatus(error);
  }
  return result;
}

absl::StatusOr<TopicConfig> ToConfig(const std::string& topic, const TopicSettings& settings) {
  TopicConfig config(rd_kafka_ConfigResource_new(RD_KAFKA_RESOURCE_TOPIC, topic.c_str()));
  if (config == nullptr) return absl::InvalidArgumentError("a topic without a name");
  for (const auto& [name, value] : settings) {
    const auto error =
        rd_kafka_ConfigResource_set_config(config.get(), name.c_str(), value.c_str());
    if (error != RD_KAFKA_RESP_ERR_NO_ERROR) return adapters::ToStatus(error);
  }
  return config;
}

}  // namespace

// Sends a request and waits for its answer.
absl::StatusOr<Kafka<rd_kafka_event_t>> AdminRequests::Ask(rd_kafka_admin_op_t operation,
                                                           const Send& send) {
  const std::unique_ptr<rd_kafka_AdminOptions_t, Destroy> options(
      rd_kafka_AdminOptions_new(client_.get(), operation));
  std::array<char, 512> text{};
  const auto error = rd_kafka_AdminOptions_set_request_timeout(options.get(), kRequestLimitMs,
                                                               text.data(), text.size());
  if (error != RD_KAFKA_RESP_ERR_NO_ERROR) return absl::InternalError(text.data());
  const Kafka<rd_kafka_queue_t> queue(rd_kafka_queue_new(client_.get()));
  send(options.get(), queue.get());
  Kafka<rd_kafka_event_t> event(rd_kafka_queue_poll(queue.get(), kAnswerLimitMs));
  if (event == nullptr) return absl::UnavailableError("the broker does not answer");
  if (rd_kafka_event_error(event.get()) != RD_KAFKA_RESP_ERR_NO_ERROR) {
    return adapters::ToStatus(rd_kafka_event_error(event.get()),
                              rd_kafka_event_error_string(event.get()));
  }
  return event;
}

// Asks for at most 200 of `all` at a time, each made a handle by `make`. `request` is librdkafka's
// function; `results` are what its answer says of each, which `look` looks at.
template <typename Owned, typename All, typename Make, typename Request, typename Results,
          typename Look>
absl::Status AdminRequests::AskInParts(rd_kafka_admin_op_t operation, const All& all, Make make,
                                       Request request, Results results, Look look) {
  for (auto next = all.begin(); next != all.end();) {
    std::vector<Owned> owned;
    std::vector<typename Owned::pointer> handles;
    for (; next != all.end() && owned.size() < kPerRequestMax; ++next) {
      ASSIGN_OR_RETURN(Owned made, make(*next));
      handles.push_back(made.get());
      owned.push_back(std::move(made));
    }
    ASSIGN_OR_RETURN(const auto event, Ask(operation, [&](const auto* options, auto* queue) {
                       request(client_.get(), handles.data(), handles.size(), options, queue);
                     }));
    std::size_t count = 0;
    const auto* const* answers = results(event.get(), &count);
    for (std::size_t i = 0; i < count; ++i) RETURN_IF_ERROR(look(answers[i]));
  }
  return absl::OkStatus();
}

absl::StatusOr<FoundCluster> AdminRequests::Cluster() {
  const struct rd_kafka_metadata* metadata = nullptr;
  const auto error = rd_kafka_metadata(client_.get(), 1, nullptr, &metadata, kRequestLimitMs);
  if (error != RD_KAFKA_RESP_ERR_NO_ERROR) return adapters::ToStatus(error);
  FoundCluster found;
  found.brokers = metadata->broker_cnt;
  for (int i = 0; i < metadata->topic_cnt; ++i) {
    const rd_kafka_metadata_topic& topic = metadata->topics[i];
    found.topics[topic.topic] = {topic.partition_cnt,
                                 topic.partition_cnt > 0 ? topic.partitions[0].replica_cnt : 0};
  }
  rd_kafka_metadata_destroy(metadata);
  return found;
}

absl::StatusOr<std::map<std::string, TopicSettings>> AdminRequests::Describe(
    const std::vector<std::string>& topics, const IsAsked& is_asked) {
  std::map<std::string, TopicSettings> settings;
  RETURN_IF_ERROR(AskInParts<TopicConfig>(
      RD_KAFKA_ADMIN_OP_DESCRIBECONFIGS, topics,
      [](const std::string& topic) { return ToConfig(topic, {}); }, &rd_kafka_DescribeConfigs,
      [](rd_kafka_event_t* event, std::size_t* count) {
        return rd_kafka_DescribeConfigs_result_resources(
            rd_kafka_event_DescribeConfigs_result(event), count);
      },
      [&](const rd_kafka_ConfigResource_t* result) {
        const char* topic = rd_kafka_ConfigResource_name(result);
        std::size_t entries = 0;
        const auto* const* entry = rd_kafka_ConfigResource_configs(result, &entries);
        for (std::size_t i = 0; i < entries; ++i) {
          const char* value = rd_kafka_ConfigEntry_value(entry[i]);
          if (value == nullptr || !is_asked(entry[i])) continue;
          settings[topic][rd_kafka_ConfigEntry_name(entry[i])] = value;
        }
        return OfTopic(rd_kafka_ConfigResource_error(result), topic);
      }));
  return settings;
}

absl::StatusOr<std::map<std::string, TopicSettings>> AdminRequests::Settings(
    const std::vector<std::string>& topics) {
  return Describe(topics, [](const auto*) { return true; });
}

absl::StatusOr<std::map<std::string, TopicSettings>> AdminRequests::SettingsOfTheirOwn(
    const std::vector<std::string>& topics) {
  return Describe(topics, [](const auto* entry) {
    return rd_kafka_ConfigEntry_source(entry) == RD_KAFKA_CONFIG_SOURCE_DYNAMIC_TOPIC_CONFIG;
  });
}

absl::Status AdminRequests::SetSettings(const std::map<std::string, TopicSettings>& topics) {
  return AskInParts<TopicConfig>(
      RD_KAFKA_ADMIN_OP_ALTERCONFIGS, topics,
      [](const auto& topic) { return ToConfig(topic.first, topic.second); }, &rd_kafka_AlterConfigs,
      [](rd_kafka_event_t* event, std::size_t* count) {
        return rd_kafka_AlterConfigs_result_resources(rd_kafka_event_AlterConfigs_result(event),
                                                      count);
      },
      [](const rd_kafka_ConfigResource_t* result) {
        return OfTopic(rd_kafka_ConfigResource_error(result), rd_kafka_ConfigResource_name(result));
      });
}

absl::Status AdminRequests::CreateTopics(const std::vector<TopicSpec>& topics, int replicas) {
  return AskInParts<NewTopic>(
      RD_KAFKA_ADMIN_OP_CREATETOPICS, topics,
      [&](const TopicSpec& topic) { return ToNewTopic(topic, replicas); }, &rd_kafka_CreateTopics,
      [](rd_kafka_event_t* event, std::size_t* count) {
        return rd_kafka_CreateTopics_result_topics(rd_kafka_event_CreateTopics_result(event),
                                                   count);
      },
      [](const rd_kafka_topic_result_t* result) {
        const auto error = rd_kafka_topic_result_error(result);
        // Somebody else provisions at the same time.
        return error == RD_KAFKA_RESP_ERR_TOPIC_ALREADY_EXISTS
                   ? absl::OkStatus()
                   : OfTopic(error, rd_kafka_topic_result_name(result));
      });
}

absl::StatusOr<std::vector<AclSpec>> AdminRequests::Acls() {
  std::vector<AclSpec> acls;
  for (const auto type : {policy::ResourceType::kTopic, policy::ResourceType::kGroup,
                          policy::ResourceType::kCluster}) {
    ASSIGN_OR_RETURN(auto filter, FilterOf(type));
    auto event = Ask(RD_KAFKA_ADMIN_OP_DESCRIBEACLS, [&](const auto* options, auto* queue) {
      rd_kafka_DescribeAcls(client_.get(), filter.get(), options, queue);
    });
    if (!event.ok()) return event.status();
    std::size_t count = 0;
    const auto* const* bindings =
        rd_kafka_DescribeAcls_result_acls(rd_kafka_event_DescribeAcls_result(event->get()), &count);
    for (std::size_t i = 0; i < count; ++i) {
      if (auto acl = FromBinding(*bindings[i])) acls.push_back(*std::move(acl));
    }
  }
  return acls;
}

absl::Status AdminRequests::CreateAcls(const std::vector<AclSpec>& acls) {
  return AskInParts<AclBinding>(
      RD_KAFKA_ADMIN_OP_CREATEACLS, acls, &ToBinding, &rd_kafka_CreateAcls,
      [](rd_kafka_event_t* event, std::size_t* count) {
        return rd_kafka_CreateAcls_result_acls(rd_kafka_event_CreateAcls_result(event), count);
      },
      [](const rd_kafka_acl_result_t* result) {
        return ToStatus(rd_kafka_acl_result_error(result));
      });
}

absl::Status AdminRequests::DeleteAcls(const std::vector<AclSpec>& acls) {
  return AskInParts<AclBinding>(
      RD_KAFKA_ADMIN_OP_DELETEACLS, acls, &ToFilter, &rd_kafka_DeleteAcls,
      [](rd_kafka_event_t* event, std::size_t* count) {
        return rd_kafka_DeleteAcls_result_responses(rd_kafka_event_DeleteAcls_result(event), count);
      },
      [](const rd_kafka_DeleteAcls_result_response_t* result) {
        return ToStatus(rd_kafka_DeleteAcls_result_response_error(result));
      });
}

}  // namespace exitbus::adapters
