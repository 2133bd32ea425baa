#include "services/policy/check_numbers.h"

#include "absl/strings/str_cat.h"
#include "google/protobuf/descriptor.h"

namespace exitbus::policy {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::EnumDescriptor;
using Mistakes = std::vector<std::string>;

// The members of one message or enum, `count` of them in the order they are written in.
template <typename Owner, typename MemberAt>
void CheckOrder(const Owner& owner, int count, const MemberAt& member, Mistakes& mistakes) {
  for (int i = 1; i < count; ++i) {
    const auto& before = *member(i - 1);
    const auto& after = *member(i);
    if (before.number() < after.number()) continue;
    mistakes.push_back(absl::StrCat("proto/", owner.file()->name(), ": ", owner.full_name(),
                                    " has ", after.name(), " = ", after.number(), " after ",
                                    before.name(), " = ", before.number(),
                                    ": order them by number"));
  }
}

void CheckEnum(const EnumDescriptor& type, Mistakes& mistakes) {
  CheckOrder(
      type, type.value_count(), [&](int i) { return type.value(i); }, mistakes);
}

void CheckMessage(const Descriptor& type, Mistakes& mistakes) {
  CheckOrder(
      type, type.field_count(), [&](int i) { return type.field(i); }, mistakes);
  for (int i = 0; i < type.enum_type_count(); ++i) CheckEnum(*type.enum_type(i), mistakes);
  for (int i = 0; i < type.nested_type_count(); ++i) CheckMessage(*type.nested_type(i), mistakes);
}

}  // namespace

void CheckNumbers(const ContractFiles& files, Mistakes& mistakes) {
  for (const auto* file : files) {
    for (int i = 0; i < file->message_type_count(); ++i) {
      CheckMessage(*file->message_type(i), mistakes);
    }
    for (int i = 0; i < file->enum_type_count(); ++i) CheckEnum(*file->enum_type(i), mistakes);
  }
}

}  // namespace exitbus::policy
