#include "services/policy/fields.h"

#include <string>

#include "absl/container/flat_hash_set.h"
#include "google/protobuf/descriptor.h"

namespace exitbus::policy {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;

namespace {

bool StandsForOneValue(const std::string& name) {
  static const auto* names = new absl::flat_hash_set<std::string>{
      "google.protobuf.Timestamp",   "google.protobuf.Duration",   "google.protobuf.BoolValue",
      "google.protobuf.Int32Value",  "google.protobuf.Int64Value", "google.protobuf.UInt32Value",
      "google.protobuf.UInt64Value", "google.protobuf.FloatValue", "google.protobuf.DoubleValue",
      "google.protobuf.StringValue", "google.protobuf.BytesValue",
  };
  return names->contains(name);
}

}  // namespace

bool IsLeaf(const FieldDescriptor& field) {
  const Descriptor* type = field.message_type();
  if (type == nullptr) return true;
  if (field.is_map()) return false;
  if (type->well_known_type() == Descriptor::WELLKNOWNTYPE_UNSPECIFIED) {
    return type->field_count() == 0;
  }
  return StandsForOneValue(type->full_name());
}

const v1::FieldPolicy* FieldPolicyOf(const FieldDescriptor& field) {
  if (!field.options().HasExtension(v1::field)) return nullptr;
  return &field.options().GetExtension(v1::field);
}

}  // namespace exitbus::policy
