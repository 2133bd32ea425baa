// What the broker has to know of the policy: the topics there are, and who may do what with them.
// Generated from the contracts, applied by an adapter.
#pragma once

#include <compare>
#include <string>

#include "absl/time/time.h"

namespace exitbus::policy {

// A topic of one partition, old records deleted after `retention`.
struct TopicSpec {
  std::string name;
  absl::Duration retention;
};

enum class ResourceType { kTopic, kGroup, kCluster };
enum class PatternType { kLiteral, kPrefixed };
// The policy gives only the first four; the others are what somebody else may have given.
enum class Operation {
  kRead,
  kWrite,
  kDescribe,
  kAll,
  kCreate,
  kDelete,
  kAlter,
  kClusterAction,
  kDescribeConfigs,
  kAlterConfigs,
  kIdempotentWrite,
  kUnknown,  // newer than what we know of
};
enum class Permission { kAllow, kDeny };  // a deny stands above every allow

// One entry of the broker's access list.
struct AclSpec {
  std::string principal;  // as the broker names it, e.g. "User:municipality-0183"
  ResourceType resource_type = ResourceType::kTopic;
  std::string name;  // of the topic or group, or its prefix; "kafka-cluster" for the cluster
  PatternType pattern = PatternType::kLiteral;
  Operation operation = Operation::kRead;
  Permission permission = Permission::kAllow;
  std::string host = "*";  // from where; the policy always says from everywhere

  auto operator<=>(const AclSpec&) const = default;
};

}  // namespace exitbus::policy
