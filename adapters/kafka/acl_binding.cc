#include "adapters/kafka/acl_binding.h"

#include <array>
#include <string_view>
#include <utility>

#include "adapters/kafka/kafka_admin.h"

namespace exitbus::adapters {
namespace {

using policy::AclSpec;
using policy::Operation;
using policy::PatternType;
using policy::Permission;
using policy::ResourceType;

// librdkafka calls the cluster a broker; on the wire they are the same.
constexpr std::array<std::pair<ResourceType, rd_kafka_ResourceType_t>, 3> kResources = {
    {{ResourceType::kTopic, RD_KAFKA_RESOURCE_TOPIC},
     {ResourceType::kGroup, RD_KAFKA_RESOURCE_GROUP},
     {ResourceType::kCluster, RD_KAFKA_RESOURCE_BROKER}}};
constexpr std::array<std::pair<PatternType, rd_kafka_ResourcePatternType_t>, 2> kPatterns = {
    {{PatternType::kLiteral, RD_KAFKA_RESOURCE_PATTERN_LITERAL},
     {PatternType::kPrefixed, RD_KAFKA_RESOURCE_PATTERN_PREFIXED}}};
constexpr std::array<std::pair<Operation, rd_kafka_AclOperation_t>, 11> kOperations = {
    {{Operation::kRead, RD_KAFKA_ACL_OPERATION_READ},
     {Operation::kWrite, RD_KAFKA_ACL_OPERATION_WRITE},
     {Operation::kDescribe, RD_KAFKA_ACL_OPERATION_DESCRIBE},
     {Operation::kAll, RD_KAFKA_ACL_OPERATION_ALL},
     {Operation::kCreate, RD_KAFKA_ACL_OPERATION_CREATE},
     {Operation::kDelete, RD_KAFKA_ACL_OPERATION_DELETE},
     {Operation::kAlter, RD_KAFKA_ACL_OPERATION_ALTER},
     {Operation::kClusterAction, RD_KAFKA_ACL_OPERATION_CLUSTER_ACTION},
     {Operation::kDescribeConfigs, RD_KAFKA_ACL_OPERATION_DESCRIBE_CONFIGS},
     {Operation::kAlterConfigs, RD_KAFKA_ACL_OPERATION_ALTER_CONFIGS},
     {Operation::kIdempotentWrite, RD_KAFKA_ACL_OPERATION_IDEMPOTENT_WRITE}}};
constexpr std::array<std::pair<Permission, rd_kafka_AclPermissionType_t>, 2> kPermissions = {
    {{Permission::kAllow, RD_KAFKA_ACL_PERMISSION_TYPE_ALLOW},
     {Permission::kDeny, RD_KAFKA_ACL_PERMISSION_TYPE_DENY}}};

template <typename Pairs, typename Ours>
auto Theirs(const Pairs& pairs, Ours ours) {
  for (const auto& [mine, theirs] : pairs) {
    if (mine == ours) return theirs;
  }
  return decltype(pairs[0].second){};  // "unknown", which librdkafka refuses
}

template <typename Pairs, typename TheirType, typename OurType>
bool SetOurs(const Pairs& pairs, TheirType theirs, OurType* ours) {
  for (const auto& [mine, candidate] : pairs) {
    if (candidate != theirs) continue;
    *ours = mine;
    return true;
  }
  return false;
}

template <typename Make>
absl::StatusOr<AclBinding> Convert(Make make, const AclSpec& acl) {
  std::array<char, 512> error{};
  AclBinding binding(make(Theirs(kResources, acl.resource_type), acl.name.c_str(),
                          Theirs(kPatterns, acl.pattern), acl.principal.c_str(), acl.host.c_str(),
                          Theirs(kOperations, acl.operation), Theirs(kPermissions, acl.permission),
                          error.data(), error.size()));
  if (binding == nullptr) return absl::InvalidArgumentError(error.data());
  return binding;
}

}  // namespace

std::string NameOf(policy::Operation operation) {
  return rd_kafka_AclOperation_name(Theirs(kOperations, operation));
}

absl::StatusOr<AclBinding> ToBinding(const AclSpec& acl) {
  return Convert(&rd_kafka_AclBinding_new, acl);
}

absl::StatusOr<AclBinding> ToFilter(const AclSpec& acl) {
  return Convert(&rd_kafka_AclBindingFilter_new, acl);
}

absl::StatusOr<AclBinding> FilterOf(policy::ResourceType type) {
  std::array<char, 512> error{};
  AclBinding filter(rd_kafka_AclBindingFilter_new(
      Theirs(kResources, type), nullptr, RD_KAFKA_RESOURCE_PATTERN_ANY, nullptr, nullptr,
      RD_KAFKA_ACL_OPERATION_ANY, RD_KAFKA_ACL_PERMISSION_TYPE_ANY, error.data(), error.size()));
  if (filter == nullptr) return absl::InternalError(error.data());
  return filter;
}

std::optional<AclSpec> FromBinding(const rd_kafka_AclBinding_t& binding) {
  AclSpec acl;
  acl.principal = rd_kafka_AclBinding_principal(&binding);
  acl.name = rd_kafka_AclBinding_name(&binding);
  acl.host = rd_kafka_AclBinding_host(&binding);
  if (!SetOurs(kOperations, rd_kafka_AclBinding_operation(&binding), &acl.operation)) {
    acl.operation = Operation::kUnknown;
  }
  if (!SetOurs(kResources, rd_kafka_AclBinding_restype(&binding), &acl.resource_type) ||
      !SetOurs(kPatterns, rd_kafka_AclBinding_resource_pattern_type(&binding), &acl.pattern) ||
      !SetOurs(kPermissions, rd_kafka_AclBinding_permission_type(&binding), &acl.permission)) {
    return std::nullopt;
  }
  return acl;
}

}  // namespace exitbus::adapters
