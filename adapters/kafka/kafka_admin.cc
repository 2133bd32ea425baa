#include "adapters/kafka/kafka_admin.h"

#include <mutex>
#include <optional>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "adapters/kafka/access_list.h"
#include "adapters/kafka/admin_requests.h"
#include "adapters/kafka/topic_settings.h"
#include "services/exchange/ports/status_macros.h"
#include "services/exchange/ports/telemetry.h"

namespace exitbus::adapters {
namespace {

using policy::AclSpec;
using policy::TopicSpec;

constexpr absl::Duration kEffectLimit = absl::Seconds(60);  // many topics on a busy machine

std::string CountsOf(const KafkaDifference& left) {
  return absl::StrCat(left.topics_missing.size(), " topics missing, ", left.settings.size(),
                      " settings otherwise, ", left.acls_missing.size(), " rights missing, ",
                      left.acls_surplus.size(), " too many");
}

class Admin final : public KafkaAdmin {
 public:
  Admin(KafkaOptions options, exchange::Telemetry* telemetry, KafkaCluster cluster)
      : options_(std::move(options)), telemetry_(telemetry), cluster_(std::move(cluster)) {}

  // librdkafka reads certificates when a client is made, and never again.
  absl::Status ReadCertificates() {
    const std::string now = options_.plaintext ? "plaintext" : Fingerprint(options_);
    if (now == certificates_) return absl::OkStatus();
    ASSIGN_OR_RETURN(auto client, NewClient(options_, ClientRole::kControl, telemetry_));
    broker_.emplace(std::move(client));
    certificates_ = now;
    return absl::OkStatus();
  }

  absl::StatusOr<KafkaDifference> Provision(const std::vector<TopicSpec>& topics,
                                            const std::vector<AclSpec>& acls,
                                            bool dry_run) override {
    const std::lock_guard lock(mutex_);
    // Often the key's file just comes a moment after the certificate's.
    if (const absl::Status taken = ReadCertificates(); !taken.ok()) {
      telemetry_->Log(exchange::Severity::kWarning, "bus.certificate_not_taken",
                      {{"error", std::string(taken.message())}});
    }
    auto found = Look(topics, acls);
    if (!found.ok() || dry_run || !found->can_be_mended()) return found;
    RETURN_IF_ERROR(CreateTopics(topics, found->topics_missing));
    RETURN_IF_ERROR(SetRight(topics, found->settings));
    // Rights are given before they are taken, so that what stays allowed is never refused.
    RETURN_IF_ERROR(broker_->CreateAcls(found->acls_missing));
    RETURN_IF_ERROR(broker_->DeleteAcls(found->acls_surplus));
    RETURN_IF_ERROR(WaitUntilDone(topics, acls));
    return found;
  }

 private:
  absl::StatusOr<KafkaDifference> Look(const std::vector<TopicSpec>& topics,
                                       const std::vector<AclSpec>& acls) {
    ASSIGN_OR_RETURN(const auto cluster, broker_->Cluster());
    if (cluster.brokers > 1 && cluster_.replicas == 1) {
      return absl::FailedPreconditionError(
          absl::StrCat("the cluster has ", cluster.brokers,
                       " brokers, and a topic of one replica is gone with its broker; say how many "
                       "replicas a topic has: --replicas 3"));
    }
    KafkaDifference difference;
    RETURN_IF_ERROR(LookAtTopics(topics, cluster, &difference));
    ASSIGN_OR_RETURN(const auto present, broker_->Acls());
    AccessDifference access = CompareAccess(acls, present, cluster_.operators);
    difference.acls_missing = std::move(access.missing);
    difference.acls_surplus = std::move(access.surplus);
    difference.acls_foreign = std::move(access.foreign);
    return difference;
  }

  absl::Status LookAtTopics(const std::vector<TopicSpec>& topics, const FoundCluster& cluster,
                            KafkaDifference* difference) {
    std::vector<std::string> present;
    for (const TopicSpec& topic : topics) {
      const auto found = cluster.topics.find(topic.name);
      if (found == cluster.topics.end()) {
        difference->topics_missing.push_back(topic.name);
      } else {
        present.push_back(topic.name);
        LookAtShape(topic.name, found->second, difference);
      }
    }
    const auto settings = broker_->Settings(present);
    if (!settings.ok()) return settings.status();
    for (const TopicSpec& topic : topics) {
      const auto found = settings->find(topic.name);
      if (found == settings->end()) continue;
      for (KafkaSetting& setting : CompareSettings(topic, cluster_.replicas, found->second)) {
        difference->settings.push_back(std::move(setting));
      }
    }
    return absl::OkStatus();
  }

  void LookAtShape(const std::string& name, const FoundTopic& found, KafkaDifference* difference) {
    if (found.partitions == 0) return;  // only just made
    if (found.partitions != 1) {
      difference->topics_unfit.push_back(absl::StrCat(
          "topic ", name, " has ", found.partitions,
          " partitions, not 1, and letters in all but the first are not read; delete it and run "
          "this again: what is not receipted is sent anew"));
    }
    if (found.replicas != cluster_.replicas) {
      difference->topics_unfit.push_back(
          absl::StrCat("topic ", name, " has ", found.replicas, " replica(s), not ",
                       cluster_.replicas, "; move it with kafka-reassign-partitions.sh"));
    }
  }

  absl::Status CreateTopics(std::vector<TopicSpec> topics,
                            const std::vector<std::string>& missing) {
    const std::set<std::string> wanted(missing.begin(), missing.end());
    std::erase_if(topics, [&](const TopicSpec& topic) { return !wanted.contains(topic.name); });
    return broker_->CreateTopics(topics, cluster_.replicas);
  }

  absl::Status SetRight(const std::vector<TopicSpec>& topics,
                        const std::vector<KafkaSetting>& settings) {
    std::set<std::string> names;
    for (const KafkaSetting& setting : settings) names.insert(setting.topic);
    // Whatever is not said to the broker goes back to its default.
    ASSIGN_OR_RETURN(auto own, broker_->SettingsOfTheirOwn({names.begin(), names.end()}));
    std::map<std::string, TopicSettings> mended;
    for (const TopicSpec& topic : topics) {
      if (!names.contains(topic.name)) continue;
      mended[topic.name] = Mended(topic, cluster_.replicas, std::move(own[topic.name]));
    }
    return broker_->SetSettings(mended);
  }

  // The broker says yes before it does as told.
  absl::Status WaitUntilDone(const std::vector<TopicSpec>& topics,
                             const std::vector<AclSpec>& acls) {
    const absl::Time limit = absl::Now() + kEffectLimit;
    std::string shown;
    while (absl::Now() < limit) {
      const auto left = Look(topics, acls);
      if (left.ok() && !left->can_be_mended()) return absl::OkStatus();
      // A topic that was made this moment is not known to every part of it yet.
      if (!left.ok() && left.status().code() != absl::StatusCode::kUnavailable) {
        return left.status();
      }
      shown = left.ok() ? CountsOf(*left) : std::string(left.status().message());
      absl::SleepFor(absl::Milliseconds(50));
    }
    return absl::UnavailableError(
        absl::StrCat("the broker has taken the changes and does not show them: ", shown));
  }

  const KafkaOptions options_;
  exchange::Telemetry* const telemetry_;
  const KafkaCluster cluster_;
  std::mutex mutex_;  // guards the two below
  std::optional<AdminRequests> broker_;
  std::string certificates_;  // by which it was made
};

}  // namespace

absl::StatusOr<std::unique_ptr<KafkaAdmin>> KafkaAdmin::Make(const KafkaOptions& options,
                                                             exchange::Telemetry* telemetry,
                                                             KafkaCluster cluster) {
  if (cluster.replicas < 1) return absl::InvalidArgumentError("a topic has at least one replica");
  auto admin = std::make_unique<Admin>(options, telemetry, std::move(cluster));
  RETURN_IF_ERROR(admin->ReadCertificates());
  return admin;
}

}  // namespace exitbus::adapters
