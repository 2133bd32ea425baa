// The contracts' own words about methods, messages and enums.
#include <google/protobuf/descriptor.h>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "exitbus/policy/v1/policy.pb.h"
#include "services/exchange/ports/status_macros.h"
#include "services/policy/contracts.h"
#include "services/policy/fields.h"
#include "services/policy/methods.h"
#include "tools/exitctl/methods.h"
#include "tools/exitctl/names.h"
#include "tools/exitctl/text_table.h"

namespace exitbus::exitctl {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::DescriptorPool;
using google::protobuf::EnumDescriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::MethodDescriptor;
using google::protobuf::SourceLocation;

// The comment before the element, or beside it, on one line.
template <class Element>
std::string CommentOf(const Element& element) {
  SourceLocation location;
  if (!element.GetSourceLocation(&location)) return "";
  std::string comment = absl::StrCat(location.leading_comments, " ", location.trailing_comments);
  comment = absl::StrReplaceAll(comment, {{"\n", " "}});
  absl::RemoveExtraAsciiWhitespace(&comment);
  return comment;
}

// What a process keeps for itself is nobody's contract.
bool IsPrivate(const google::protobuf::FileDescriptor& file) {
  return absl::StrContains(file.package(), "_journal.") ||
         absl::StartsWith(file.package(), "exitbus.store.");
}

std::string TypeOf(const FieldDescriptor& field) {
  std::string type = field.type_name();
  if (field.message_type() != nullptr) type = field.message_type()->name();
  if (field.enum_type() != nullptr) type = field.enum_type()->name();
  return field.is_repeated() ? "repeated " + type : type;
}

std::string CategoryOf(const FieldDescriptor& field) {
  const policy::v1::FieldPolicy* policy = policy::FieldPolicyOf(field);
  if (policy == nullptr) return "";
  return ShortName(*policy::v1::Category_descriptor()->FindValueByNumber(policy->category()));
}

std::string CallersOf(const MethodDescriptor& method) {
  const policy::v1::MethodPolicy* policy = policy::MethodPolicyOf(method.full_name());
  if (policy == nullptr || policy->callers().empty()) return "nobody";
  std::vector<std::string> callers;
  for (const int caller : policy->callers()) {
    callers.push_back(ShortName(*policy::v1::Function_descriptor()->FindValueByNumber(caller)));
  }
  return absl::StrCat(
      ShortName(*policy::v1::Access_descriptor()->FindValueByNumber(policy->access())), " by ",
      absl::StrJoin(callers, ", "), policy->purpose_required() ? ", with a purpose" : "");
}

std::string FieldsOf(const Descriptor& type) {
  std::vector<std::string> names;
  for (int i = 0; i < type.field_count(); ++i) names.push_back(type.field(i)->name());
  return absl::StrJoin(names, ", ");
}

std::string DescribeMessage(const Descriptor& type) {
  std::vector<std::vector<std::string>> rows = {{"FIELD", "TYPE", "CATEGORY", "MEANING"}};
  for (int i = 0; i < type.field_count(); ++i) {
    const FieldDescriptor& field = *type.field(i);
    rows.push_back({field.name(), TypeOf(field), CategoryOf(field), CommentOf(field)});
  }
  return absl::StrCat(type.full_name(), "\n", CommentOf(type), "\n\n", TextTable(rows));
}

std::string DescribeEnum(const EnumDescriptor& type) {
  std::vector<std::vector<std::string>> rows = {{"VALUE", "SHORT", "MEANING"}};
  for (int i = 1; i < type.value_count(); ++i) {
    rows.push_back({type.value(i)->name(), ShortName(*type.value(i)), CommentOf(*type.value(i))});
  }
  return absl::StrCat(type.full_name(), "\n", CommentOf(type), "\n\n", TextTable(rows));
}

std::string DescribeMethod(const MethodDescriptor& method) {
  return absl::StrCat(method.full_name(), "\n", CommentOf(method), "\n", CallersOf(method),
                      "; answers with a ", method.output_type()->full_name(), "\n\n",
                      DescribeMessage(*method.input_type()));
}

void AddTypes(const Descriptor& type, std::vector<std::string>& names) {
  names.push_back(type.full_name());
  for (int i = 0; i < type.enum_type_count(); ++i) {
    names.push_back(type.enum_type(i)->full_name());
  }
  for (int i = 0; i < type.nested_type_count(); ++i) AddTypes(*type.nested_type(i), names);
}

std::vector<std::string> DescribedNames() {
  std::vector<std::string> names = MethodNames();
  for (const auto* file : policy::AllContracts()) {
    if (IsPrivate(*file)) continue;
    for (int i = 0; i < file->message_type_count(); ++i) AddTypes(*file->message_type(i), names);
    for (int i = 0; i < file->enum_type_count(); ++i) {
      names.push_back(file->enum_type(i)->full_name());
    }
  }
  return names;
}

}  // namespace

std::string DescribeMethods() {
  std::string text;
  std::string service;
  for (const std::string& name : MethodNames()) {
    const MethodDescriptor& method = *policy::FindMethod(name);
    if (method.service()->full_name() != service) {
      absl::StrAppend(&text, text.empty() ? "" : "\n", method.service()->full_name(), "\n");
      service = method.service()->full_name();
    }
    absl::StrAppend(&text, "  ", method.name(), "  (", CallersOf(method), ")\n      ",
                    FieldsOf(*method.input_type()), "\n");
  }
  return text;
}

absl::StatusOr<std::string> Describe(const std::string& name) {
  ASSIGN_OR_RETURN(const auto full_name, Resolve("method or type", name, DescribedNames()));
  if (const auto* method = policy::FindMethod(full_name)) return DescribeMethod(*method);
  const DescriptorPool& pool = *policy::AllContracts().front()->pool();
  if (const auto* type = pool.FindMessageTypeByName(full_name)) return DescribeMessage(*type);
  return DescribeEnum(*pool.FindEnumTypeByName(full_name));
}

}  // namespace exitbus::exitctl
