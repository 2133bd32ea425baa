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

// For every host. As a filter it matches exactly this entry. INVALID_ARGUMENT: librdkafka
// refuses it.
absl::StatusOr<AclBinding> ToBinding(const policy::AclSpec& acl);
absl::StatusOr<AclBinding> ToFilter(const policy::AclSpec& acl);
absl::StatusOr<AclBinding> FilterOfAll();

// Nothing if it is of a kind we never make (another host, resource or operation).
std::optional<policy::AclSpec> FromBinding(const rd_kafka_AclBinding_t& binding);

}  // namespace exitbus::adapters
