// Makes the broker's topics and access lists what the policy says.
#pragma once

#include <memory>
#include <set>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "adapters/kafka/kafka_options.h"
#include "services/policy/access.h"

namespace exitbus::exchange {
class Telemetry;
}

namespace exitbus::adapters {

// What the operators of the cluster decide, not the policy.
struct KafkaCluster {
  int replicas = 1;  // of each topic; 1 is for a cluster of one broker
  // Principals that run the cluster, e.g. "User:cluster-admin": their rights are left as they are
  // and not reported, unless they are an authority's.
  std::set<std::string> operators;
};

// A setting of a topic that is there, as Kafka names it.
struct KafkaSetting {
  std::string topic;
  std::string name;
  std::string found;
  std::string wanted;

  bool operator==(const KafkaSetting&) const = default;
};

// What the broker had otherwise than wanted.
struct KafkaDifference {
  std::vector<std::string> topics_missing;
  std::vector<KafkaSetting> settings;
  std::vector<policy::AclSpec> acls_missing;
  std::vector<policy::AclSpec> acls_surplus;
  // Not to be mended from here; each an error. Entries that let others reach what is ours, and
  // topics of another shape, said in words with a remedy.
  std::vector<policy::AclSpec> acls_foreign;
  std::vector<std::string> topics_unfit;

  bool can_be_mended() const {
    return !topics_missing.empty() || !settings.empty() || !acls_missing.empty() ||
           !acls_surplus.empty();
  }
  bool has_errors() const { return !acls_foreign.empty() || !topics_unfit.empty(); }
  bool empty() const { return !can_be_mended() && !has_errors(); }
};

// Blocks; thread-safe. `options` name the provisioner's certificate, which is read again when it
// was replaced.
class KafkaAdmin {
 public:
  virtual ~KafkaAdmin() = default;

  // INVALID_ARGUMENT: options that cannot work. `telemetry` must outlive it.
  static absl::StatusOr<std::unique_ptr<KafkaAdmin>> Make(const KafkaOptions& options,
                                                          exchange::Telemetry* telemetry,
                                                          KafkaCluster cluster = {});

  // Creates missing topics (one partition, old records deleted after their retention), sets
  // settings right, creates missing ACLs, then deletes surplus ones, waits until the broker shows
  // it, and tells what it had found before, what cannot be mended included. With `dry_run` it only
  // looks. Topics are never deleted. Which ACLs are surplus, and which somebody else's:
  // CompareAccess. Safe to repeat. UNAVAILABLE: no broker within 30 s. PERMISSION_DENIED: not the
  // provisioner. FAILED_PRECONDITION: one replica on several brokers.
  virtual absl::StatusOr<KafkaDifference> Provision(const std::vector<policy::TopicSpec>& topics,
                                                    const std::vector<policy::AclSpec>& acls,
                                                    bool dry_run) = 0;
};

// As Kafka calls it.
std::string NameOf(policy::Operation operation);

}  // namespace exitbus::adapters
