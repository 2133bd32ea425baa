#include "adapters/kafka/kafka_admin.h"

#include <algorithm>
#include <array>
#include <functional>
#include <iterator>
#include <set>
#include <string_view>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "adapters/kafka/acl_binding.h"
#include "adapters/kafka/client.h"

namespace exitbus::adapters {
namespace {

using policy::AclSpec;
using policy::TopicSpec;

constexpr int kRequestLimitMs = 30000;
constexpr int kAnswerLimitMs = kRequestLimitMs + 5000;
constexpr absl::Duration kEffectLimit = absl::Seconds(60);  // many topics on a busy machine
constexpr std::size_t kPerRequestMax = 200;
constexpr std::string_view kOurTopics = "exitbus.";
constexpr char kMessageBytesMax[] = "1048576";

struct TopicDeleter {
  void operator()(rd_kafka_NewTopic_t* topic) const { rd_kafka_NewTopic_destroy(topic); }
};
using NewTopic = std::unique_ptr<rd_kafka_NewTopic_t, TopicDeleter>;

struct OptionsDeleter {
  void operator()(rd_kafka_AdminOptions_t* options) const {
    rd_kafka_AdminOptions_destroy(options);
  }
};

absl::Status ToStatus(const rd_kafka_error_t* error) {
  if (error == nullptr) return absl::OkStatus();
  return adapters::ToStatus(rd_kafka_error_code(error), rd_kafka_error_string(error));
}

absl::StatusOr<NewTopic> ToNewTopic(const TopicSpec& topic) {
  std::array<char, 512> text{};
  NewTopic result(rd_kafka_NewTopic_new(topic.name.c_str(), 1, 1, text.data(), text.size()));
  if (result == nullptr) return absl::InvalidArgumentError(text.data());
  const std::string retention_ms = std::to_string(absl::ToInt64Milliseconds(topic.retention));
  const std::array<std::pair<const char*, const char*>, 3> settings = {
      {{"cleanup.policy", "delete"},
       {"retention.ms", retention_ms.c_str()},
       {"max.message.bytes", kMessageBytesMax}}};
  for (const auto& [name, value] : settings) {
    const auto error = rd_kafka_NewTopic_set_config(result.get(), name, value);
    if (error != RD_KAFKA_RESP_ERR_NO_ERROR) return adapters::ToStatus(error);
  }
  return result;
}

class Admin final : public KafkaAdmin {
 public:
  explicit Admin(Kafka<rd_kafka_t> client) : client_(std::move(client)) {}

  absl::StatusOr<KafkaDifference> Provision(const std::vector<TopicSpec>& topics,
                                            const std::vector<AclSpec>& acls,
                                            bool dry_run) override {
    auto found = Look(topics, acls);
    if (!found.ok() || dry_run || found->empty()) return found;
    if (auto status = CreateTopics(topics, found->topics_missing); !status.ok()) return status;
    // Rights are given before they are taken, so that what stays allowed is never refused.
    if (auto status = CreateAcls(found->acls_missing); !status.ok()) return status;
    if (auto status = DeleteAcls(found->acls_surplus); !status.ok()) return status;
    if (auto status = WaitUntilDone(topics, acls); !status.ok()) return status;
    return found;
  }

 private:
  using Send = std::function<void(const rd_kafka_AdminOptions_t*, rd_kafka_queue_t*)>;

  // Sends a request and waits for its answer.
  absl::StatusOr<Kafka<rd_kafka_event_t>> Ask(rd_kafka_admin_op_t operation, const Send& send) {
    const std::unique_ptr<rd_kafka_AdminOptions_t, OptionsDeleter> options(
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

  absl::StatusOr<KafkaDifference> Look(const std::vector<TopicSpec>& topics,
                                       const std::vector<AclSpec>& acls) {
    KafkaDifference difference;
    if (auto status = FindMissing(topics, &difference.topics_missing); !status.ok()) return status;
    auto present = Acls();
    if (!present.ok()) return present.status();
    Compare(acls, *present, &difference);
    return difference;
  }

  // The broker says yes before it does as told.
  absl::Status WaitUntilDone(const std::vector<TopicSpec>& topics,
                             const std::vector<AclSpec>& acls) {
    const absl::Time limit = absl::Now() + kEffectLimit;
    while (absl::Now() < limit) {
      const auto left = Look(topics, acls);
      if (!left.ok()) return left.status();
      if (left->empty()) return absl::OkStatus();
      absl::SleepFor(absl::Milliseconds(50));
    }
    return absl::UnavailableError("the broker has taken the changes and does not show them");
  }

  absl::Status FindMissing(const std::vector<TopicSpec>& topics,
                           std::vector<std::string>* missing) {
    const struct rd_kafka_metadata* metadata = nullptr;
    const auto error = rd_kafka_metadata(client_.get(), 1, nullptr, &metadata, kRequestLimitMs);
    if (error != RD_KAFKA_RESP_ERR_NO_ERROR) return adapters::ToStatus(error);
    std::set<std::string> present;
    for (int i = 0; i < metadata->topic_cnt; ++i) present.insert(metadata->topics[i].topic);
    rd_kafka_metadata_destroy(metadata);
    for (const TopicSpec& topic : topics) {
      if (!present.contains(topic.name)) missing->push_back(topic.name);
    }
    return absl::OkStatus();
  }

  absl::StatusOr<std::vector<AclSpec>> Acls() {
    auto filter = FilterOfAll();
    if (!filter.ok()) return filter.status();
    auto event = Ask(RD_KAFKA_ADMIN_OP_DESCRIBEACLS, [&](const auto* options, auto* queue) {
      rd_kafka_DescribeAcls(client_.get(), filter->get(), options, queue);
    });
    if (!event.ok()) return event.status();
    std::size_t count = 0;
    const rd_kafka_AclBinding_t** bindings =
        rd_kafka_DescribeAcls_result_acls(rd_kafka_event_DescribeAcls_result(event->get()), &count);
    std::vector<AclSpec> acls;
    for (std::size_t i = 0; i < count; ++i) {
      if (auto acl = FromBinding(*bindings[i])) acls.push_back(*std::move(acl));
    }
    return acls;
  }

  static void Compare(const std::vector<AclSpec>& wanted_list, const std::vector<AclSpec>& present,
                      KafkaDifference* difference) {
    const auto is_ours = [](const AclSpec& acl) {
      return acl.resource_type == policy::ResourceType::kTopic && acl.name.starts_with(kOurTopics);
    };
    const std::set<AclSpec> wanted(wanted_list.begin(), wanted_list.end());
    const std::set<AclSpec> has(present.begin(), present.end());
    std::set<std::string> managed;
    for (const AclSpec& acl : wanted) managed.insert(acl.principal);
    for (const AclSpec& acl : has) {
      if (is_ours(acl)) managed.insert(acl.principal);
    }
    std::set_difference(wanted.begin(), wanted.end(), has.begin(), has.end(),
                        std::back_inserter(difference->acls_missing));
    for (const AclSpec& acl : has) {
      if (!wanted.contains(acl) && managed.contains(acl.principal)) {
        difference->acls_surplus.push_back(acl);
      }
    }
  }

  absl::Status CreateTopics(std::vector<TopicSpec> topics,
                            const std::vector<std::string>& missing) {
    const std::set<std::string> wanted(missing.begin(), missing.end());
    std::erase_if(topics, [&](const TopicSpec& topic) { return !wanted.contains(topic.name); });
    for (std::size_t at = 0; at < topics.size(); at += kPerRequestMax) {
      std::vector<NewTopic> owned;
      std::vector<rd_kafka_NewTopic_t*> request;
      for (std::size_t i = at; i < std::min(topics.size(), at + kPerRequestMax); ++i) {
        auto topic = ToNewTopic(topics[i]);
        if (!topic.ok()) return topic.status();
        request.push_back(topic->get());
        owned.push_back(*std::move(topic));
      }
      auto event = Ask(RD_KAFKA_ADMIN_OP_CREATETOPICS, [&](const auto* options, auto* queue) {
        rd_kafka_CreateTopics(client_.get(), request.data(), request.size(), options, queue);
      });
      if (!event.ok()) return event.status();
      if (auto status = CheckTopics(event->get()); !status.ok()) return status;
    }
    return absl::OkStatus();
  }

  static absl::Status CheckTopics(rd_kafka_event_t* event) {
    std::size_t count = 0;
    const rd_kafka_topic_result_t** results =
        rd_kafka_CreateTopics_result_topics(rd_kafka_event_CreateTopics_result(event), &count);
    for (std::size_t i = 0; i < count; ++i) {
      const auto error = rd_kafka_topic_result_error(results[i]);
      // Somebody else provisions at the same time.
      if (error == RD_KAFKA_RESP_ERR_TOPIC_ALREADY_EXISTS) continue;
      if (error == RD_KAFKA_RESP_ERR_NO_ERROR) continue;
      const absl::Status status = adapters::ToStatus(error);
      return {status.code(), absl::StrCat(std::string(status.message()), ": topic ",
                                          rd_kafka_topic_result_name(results[i]))};
    }
    return absl::OkStatus();
  }

  absl::Status CreateAcls(const std::vector<AclSpec>& acls) {
    for (std::size_t at = 0; at < acls.size(); at += kPerRequestMax) {
      std::vector<AclBinding> owned;
      auto request = Convert(acls, at, &ToBinding, &owned);
      if (!request.ok()) return request.status();
      auto event = Ask(RD_KAFKA_ADMIN_OP_CREATEACLS, [&](const auto* options, auto* queue) {
        rd_kafka_CreateAcls(client_.get(), request->data(), request->size(), options, queue);
      });
      if (!event.ok()) return event.status();
      std::size_t count = 0;
      const rd_kafka_acl_result_t** results =
          rd_kafka_CreateAcls_result_acls(rd_kafka_event_CreateAcls_result(event->get()), &count);
      for (std::size_t i = 0; i < count; ++i) {
        if (auto status = ToStatus(rd_kafka_acl_result_error(results[i])); !status.ok()) {
          return status;
        }
      }
    }
    return absl::OkStatus();
  }

  absl::Status DeleteAcls(const std::vector<AclSpec>& acls) {
    for (std::size_t at = 0; at < acls.size(); at += kPerRequestMax) {
      std::vector<AclBinding> owned;
      auto request = Convert(acls, at, &ToFilter, &owned);
      if (!request.ok()) return request.status();
      auto event = Ask(RD_KAFKA_ADMIN_OP_DELETEACLS, [&](const auto* options, auto* queue) {
        rd_kafka_DeleteAcls(client_.get(), request->data(), request->size(), options, queue);
      });
      if (!event.ok()) return event.status();
      std::size_t count = 0;
      const rd_kafka_DeleteAcls_result_response_t** results = rd_kafka_DeleteAcls_result_responses(
          rd_kafka_event_DeleteAcls_result(event->get()), &count);
      for (std::size_t i = 0; i < count; ++i) {
        const auto status = ToStatus(rd_kafka_DeleteAcls_result_response_error(results[i]));
        if (!status.ok()) return status;
      }
    }
    return absl::OkStatus();
  }

  // One request's part of `acls`, which `owned` keeps alive.
  template <typename To>
  static absl::StatusOr<std::vector<rd_kafka_AclBinding_t*>> Convert(
      const std::vector<AclSpec>& acls, std::size_t at, To to, std::vector<AclBinding>* owned) {
    std::vector<rd_kafka_AclBinding_t*> request;
    for (std::size_t i = at; i < std::min(acls.size(), at + kPerRequestMax); ++i) {
      auto binding = to(acls[i]);
      if (!binding.ok()) return binding.status();
      request.push_back(binding->get());
      owned->push_back(*std::move(binding));
    }
    return request;
  }

  const Kafka<rd_kafka_t> client_;
};

}  // namespace

absl::StatusOr<std::unique_ptr<KafkaAdmin>> KafkaAdmin::Make(const KafkaOptions& options,
                                                             exchange::Telemetry* telemetry) {
  auto client = NewClient(options, ClientRole::kControl, telemetry);
  if (!client.ok()) return client.status();
  return std::make_unique<Admin>(*std::move(client));
}

}  // namespace exitbus::adapters
