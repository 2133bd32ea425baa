// Makes the broker's topics and access lists what the policy says.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "adapters/kafka/kafka_options.h"
#include "services/policy/access.h"

namespace exitbus::exchange {
class Telemetry;
}

namespace exitbus::adapters {

// What the broker had otherwise than wanted.
struct KafkaDifference {
  std::vector<std::string> topics_missing;
  std::vector<policy::AclSpec> acls_missing;
  std::vector<policy::AclSpec> acls_surplus;

  bool empty() const {
    return topics_missing.empty() && acls_missing.empty() && acls_surplus.empty();
  }
};

// Blocks; thread-safe. `options` name the provisioner's certificate.
class KafkaAdmin {
 public:
  virtual ~KafkaAdmin() = default;

  // INVALID_ARGUMENT: options that cannot work. `telemetry` must outlive it.
  static absl::StatusOr<std::unique_ptr<KafkaAdmin>> Make(const KafkaOptions& options,
                                                          exchange::Telemetry* telemetry);

  // Creates missing topics (one partition, one replica, old records deleted after their retention),
  // creates missing ACLs, then deletes surplus ones, waits until the broker shows it, and
  // tells what it had found before. With `dry_run` it only looks. Topics are never deleted or
  // altered. Surplus are ACLs nobody wants that stand on a topic of the exchange ("exitbus.…"), or
  // belong to a principal that has one there or is wanted somewhere; all others are somebody
  // else's. Safe to repeat. UNAVAILABLE: no broker within 30 s. PERMISSION_DENIED: not the
  // provisioner.
  virtual absl::StatusOr<KafkaDifference> Provision(const std::vector<policy::TopicSpec>& topics,
                                                    const std::vector<policy::AclSpec>& acls,
                                                    bool dry_run) = 0;
};

}  // namespace exitbus::adapters
