#include "tests/separation/contract_walk.h"

#include <google/protobuf/dynamic_message.h>
#include <google/protobuf/text_format.h>

#include <map>
#include <set>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "exitbus/policy/v1/value.pb.h"
#include "services/policy/contracts.h"
#include "services/policy/fields.h"
#include "services/policy/methods.h"

namespace exitbus::story {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::MethodDescriptor;

Label Own(const FieldDescriptor& field) {
  const policy::v1::FieldPolicy* policy = policy::FieldPolicyOf(field);
  if (policy == nullptr) return {};
  const bool whole = policy->detail() == policy::v1::DETAIL_UNSPECIFIED;
  return {policy->category(), whole ? policy::v1::DETAIL_FULL : policy->detail()};
}

std::string NameInPackage(const FieldDescriptor& field) {
  return absl::StrCat(field.file()->package(), ".", field.name());
}

// Labels of the contracts' fields of text or bytes, by name in their package and by name alone;
// those that disagree are left out.
const std::map<std::string, Label>& LabelsByName() {
  static const auto* labels = [] {
    auto* found = new std::map<std::string, Label>;
    std::set<std::string> disagree;
    const std::function<void(const Descriptor&)> take = [&](const Descriptor& type) {
      for (int i = 0; i < type.nested_type_count(); ++i) take(*type.nested_type(i));
      for (int i = 0; i < type.field_count(); ++i) {
        const FieldDescriptor& field = *type.field(i);
        const Label label = Own(field);
        const bool holds_text = field.type() == FieldDescriptor::TYPE_STRING ||
                                field.type() == FieldDescriptor::TYPE_BYTES;
        if (!holds_text || label.category == policy::v1::CATEGORY_UNSPECIFIED) {
          continue;
        }
        for (const std::string& name : {NameInPackage(field), field.name()}) {
          Label& known = found->emplace(name, label).first->second;
          if (known.category != label.category) disagree.insert(name);
          known.detail = std::max(known.detail, label.detail);
        }
      }
    };
    for (const auto* file : policy::AllContracts()) {
      for (int i = 0; i < file->message_type_count(); ++i) take(*file->message_type(i));
    }
    for (const std::string& name : disagree) found->erase(name);
    return found;
  }();
  return *labels;
}

std::string ValueOf(const Message& message, const FieldDescriptor& field, int index) {
  std::string text;
  if (field.type() == FieldDescriptor::TYPE_STRING || field.type() == FieldDescriptor::TYPE_BYTES) {
    return index < 0 ? message.GetReflection()->GetString(message, &field)
                     : message.GetReflection()->GetRepeatedString(message, &field, index);
  }
  google::protobuf::TextFormat::PrintFieldValueToString(message, &field, index, &text);
  return text;
}

void Walk(const Message& message, const std::string& prefix, const EachLeaf& each) {
  const auto* reflection = message.GetReflection();
  std::vector<const FieldDescriptor*> fields;
  reflection->ListFields(message, &fields);
  for (const FieldDescriptor* field : fields) {
    const std::string path = prefix + field->name();
    const int count = field->is_repeated() ? reflection->FieldSize(message, field) : 1;
    for (int i = 0; i < count; ++i) {
      if (policy::IsLeaf(*field)) {
        each(*field, path, ValueOf(message, *field, field->is_repeated() ? i : -1));
      } else {
        Walk(field->is_repeated() ? reflection->GetRepeatedMessage(message, field, i)
                                  : reflection->GetMessage(message, field),
             path + ".", each);
      }
    }
  }
}

}  // namespace

std::vector<const MethodDescriptor*> AllMethods() {
  std::vector<const MethodDescriptor*> methods;
  for (const auto* file : policy::AllContracts()) {
    for (int s = 0; s < file->service_count(); ++s) {
      for (int m = 0; m < file->service(s)->method_count(); ++m) {
        methods.push_back(file->service(s)->method(m));
      }
    }
  }
  return methods;
}

const policy::v1::MethodPolicy& PolicyOf(const MethodDescriptor& method) {
  return method.options().GetExtension(policy::v1::method);
}

std::unique_ptr<Message> NewMessage(const Descriptor& type) {
  static auto* factory = new google::protobuf::DynamicMessageFactory;
  return std::unique_ptr<Message>(factory->GetPrototype(&type)->New());
}

void ForEachLeaf(const Message& message, const EachLeaf& each) { Walk(message, "", each); }

Label LabelOf(const FieldDescriptor& field) {
  const Label own = Own(field);
  if (own.category != policy::v1::CATEGORY_UNSPECIFIED) return own;
  for (const std::string& name : {NameInPackage(field), field.name()}) {
    const auto found = LabelsByName().find(name);
    if (found != LabelsByName().end()) return found->second;
  }
  return {};
}

bool TakesFreeText(const FieldDescriptor& field) {
  static const auto* names =
      new std::set<std::string>{"etag",      "page_token", "token",    "receiver",     "owner",
                                "authority", "holder",     "approver", "municipality", "moved_to"};
  constexpr std::uint32_t kCodeBytesMax = 8;
  const std::uint32_t most = field.options().GetExtension(policy::v1::value).bytes_max();
  const bool is_code = most > 0 && most <= kCodeBytesMax;
  return field.type() == FieldDescriptor::TYPE_STRING && !is_code &&
         !absl::EndsWith(field.name(), "_id") && !absl::EndsWith(field.name(), "_ids") &&
         names->count(field.name()) == 0;
}

}  // namespace exitbus::story
