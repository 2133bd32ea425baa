// Access list entries in librdkafka's terms, and back. Internal to this folder.
#pragma once

#include <librdkafka/rdkafka.h>

#include <memory>
#include <optional>

#include "absl/status/statusor.h"
#include "services/policy/access.h"

namespace exitbus::adapters {

struct AclDeleter {
  void operator()(rd_kafka_AclBinding_t* acl) const { rd_kafka_AclBinding_destroy(acl); }
};
using AclBinding = std::unique_ptr<rd_kafka_AclBinding_t, AclDeleter>;

// As a filter it matches exactly this entry. INVALID_ARGUMENT: librdkafka refuses it.
absl::StatusOr<AclBinding> ToBinding(const policy::AclSpec& acl);
absl::StatusOr<AclBinding> ToFilter(const policy::AclSpec& acl);
// Matches every entry on resources of this type.
absl::StatusOr<AclBinding> FilterOf(policy::ResourceType type);

// Nothing if it is of another resource, pattern or permission than there are.
std::optional<policy::AclSpec> FromBinding(const rd_kafka_AclBinding_t& binding);

}  // namespace exitbus::adapters
