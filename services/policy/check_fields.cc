#include "services/policy/check_fields.h"

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "google/protobuf/descriptor.h"
#include "services/policy/fields.h"

namespace exitbus::policy {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;

std::string Where(const FieldDescriptor& field) {
  return absl::StrCat("proto/", field.file()->name(), ": field ",
                      field.containing_type()->full_name(), ".", field.name(), " ");
}

bool IsWellKnown(const FieldDescriptor& field) {
  return field.message_type()->well_known_type() != Descriptor::WELLKNOWNTYPE_UNSPECIFIED;
}

}  // namespace

void FieldCheck::Walk(const Descriptor& message) {
  if (!seen_.insert(message.full_name()).second) return;
  for (int i = 0; i < message.field_count(); ++i) {
    const FieldDescriptor& field = *message.field(i);
    if (IsLeaf(field)) {
      CheckLeaf(field);
    } else {
      CheckSubmessage(field);
    }
  }
  if (message.extension_range_count() > 0) {
    mistakes_.push_back(absl::StrCat("proto/", message.file()->name(), ": message ",
                                     message.full_name(),
                                     " has extension ranges: remove them, an extension has no "
                                     "category"));
  }
}

void FieldCheck::CheckLeaf(const FieldDescriptor& field) {
  const v1::FieldPolicy* policy = FieldPolicyOf(field);
  if (policy == nullptr || policy->category() == v1::CATEGORY_UNSPECIFIED) {
    mistakes_.push_back(absl::StrCat(Where(field),
                                     "has no data category, so nobody could read it: add "
                                     "[(exitbus.policy.v1.field) = {category: CATEGORY_…}] to it"));
  }
  const bool is_category = !field.is_repeated() && field.enum_type() != nullptr &&
                           field.enum_type()->full_name() == v1::Category_descriptor()->full_name();
  if (policy != nullptr && policy->names_category() && !is_category) {
    mistakes_.push_back(absl::StrCat(Where(field),
                                     "is no category, so it names none: remove names_category, or "
                                     "make it one exitbus.policy.v1.Category"));
  }
}

void FieldCheck::CheckSubmessage(const FieldDescriptor& field) {
  if (field.is_map()) {
    mistakes_.push_back(absl::StrCat(
        Where(field), "is a map, whose keys have no category: make it a repeated message"));
    return;
  }
  if (IsWellKnown(field)) {
    mistakes_.push_back(absl::StrCat(Where(field), "is a ", field.message_type()->full_name(),
                                     ", which can hold anything: give it a message type of ours"));
    return;
  }
  if (!absl::StartsWith(field.message_type()->file()->package(), "exitbus.")) {
    mistakes_.push_back(absl::StrCat(Where(field), "is a ", field.message_type()->full_name(),
                                     ", whose fields have no category: give it a message type of "
                                     "ours"));
    return;
  }
  if (FieldPolicyOf(field) != nullptr) {
    mistakes_.push_back(
        absl::StrCat(Where(field),
                     "is a submessage and takes no category: remove (exitbus.policy.v1.field); "
                     "the leaves of ",
                     field.message_type()->full_name(), " have theirs"));
  }
  Walk(*field.message_type());
}

}  // namespace exitbus::policy
