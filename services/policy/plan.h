// Projection: a new message with what a reader may see, and nothing else.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "services/policy/viewer.h"

namespace google::protobuf {
class Descriptor;
class Message;
}  // namespace google::protobuf

namespace exitbus::policy {

struct Projection {
  std::unique_ptr<google::protobuf::Message> message;
  // Categories of fields that were set and left out, never their values; in order, each once. A
  // category stands in both lists when part of it was shown. CATEGORY_UNSPECIFIED: a field without
  // a category.
  std::vector<v1::Category> withheld;
  std::vector<v1::Category> released;
  // Paths of the fields that were copied, e.g. "agreement.modules", for the account of disclosures.
  // Neither names a field that no account is to.
  std::vector<std::string> released_fields;
};

// Builds what `viewer` may see of `message` by copying the permitted leaves into a new message. A
// submessage that holds nothing else than what may not be seen stays unset; unknown fields,
// extensions, maps and fields without a category are left out. Thread-safe; the plan of a (type,
// viewer) is computed once.
Projection Project(const google::protobuf::Message& message, const Viewer& viewer);

// The categories of this type's fields that `viewer` may not see, in order, each once: from the
// contract alone, so that who is told them learns nothing of what there is.
std::vector<v1::Category> WithheldFrom(const google::protobuf::Descriptor& type,
                                       const Viewer& viewer);

// Whether the message is of a category, by its own word (FieldPolicy.names_category), that keeps
// all of it from the viewer. Of what stands in it nothing is said.
bool IsKeptBack(const google::protobuf::Message& message, const Viewer& viewer);

// The second check at the border: OK if nothing is present that `viewer` may not see. Otherwise
// PERMISSION_DENIED with the field's path and category, never a value: somebody went around
// Project. Thread-safe.
absl::Status AssertProjected(const google::protobuf::Message& message, const Viewer& viewer);

}  // namespace exitbus::policy
