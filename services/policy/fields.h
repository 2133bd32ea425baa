// How the policy looks at a message type: which fields are leaves, and what a leaf gives away.
#pragma once

#include "exitbus/policy/v1/policy.pb.h"

namespace google::protobuf {
class Descriptor;
class FieldDescriptor;
}  // namespace google::protobuf

namespace exitbus::policy {

// A leaf is shown or withheld whole: every field that is no message, a well-known type that stands
// for one value (Timestamp, Duration, the wrappers), and a message without fields.
bool IsLeaf(const google::protobuf::FieldDescriptor& field);

// What the field gives away; null where the contract does not say, which means: seen by nobody.
const v1::FieldPolicy* FieldPolicyOf(const google::protobuf::FieldDescriptor& field);

}  // namespace exitbus::policy
