// Compiled projection: what a viewer may see of a message type, field by field. Internal to the
// policy.
#pragma once

#include <bitset>
#include <vector>

#include "services/policy/viewer.h"

namespace google::protobuf {
class Descriptor;
class FieldDescriptor;
}  // namespace google::protobuf

namespace exitbus::policy {

struct MessagePlan;

struct FieldPlan {
  v1::Category category = v1::CATEGORY_UNSPECIFIED;
  // A leaf: it may be seen. A submessage: some leaf in it may be.
  bool visible = false;
  bool unaccounted = false;             // a leaf that no account names
  const MessagePlan* nested = nullptr;  // of a submessage; null for a leaf
};

struct MessagePlan {
  const google::protobuf::Descriptor* type = nullptr;
  std::vector<FieldPlan> fields;  // by the field's index in its type
  // Which field says what all of the message is of as well; null: none does.
  const google::protobuf::FieldDescriptor* names_category = nullptr;
  std::bitset<v1::Category_ARRAYSIZE> in_full;  // then: what the viewer may see so

  // Null for an extension, which the plan does not know.
  const FieldPlan* Find(const google::protobuf::FieldDescriptor& field) const;
};

// The plan, computed at first use and kept for the process's life: there are as many as message
// types times views in use, a few thousand at most. Thread-safe.
const MessagePlan& PlanFor(const google::protobuf::Descriptor& type, const Viewer& viewer);

}  // namespace exitbus::policy
