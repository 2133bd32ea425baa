#include "services/policy/check_values.h"

#include <set>
#include <string_view>

#include "absl/algorithm/container.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "exitbus/policy/v1/value.pb.h"
#include "google/protobuf/descriptor.h"
#include "services/policy/fields.h"

namespace exitbus::policy {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::FileDescriptor;

// The same in all requests, and held to in one place.
constexpr std::string_view kOfEveryRequest[] = {"request_id", "etag", "page_size", "page_token"};

bool IsKnownByName(const FieldDescriptor& field) {
  return absl::c_linear_search(kOfEveryRequest, field.name()) ||
         absl::EndsWith(field.name(), "_id") || absl::EndsWith(field.name(), "_ids");
}

// What the field has to say beside it; empty: it has said it, or its type says it all.
std::string_view Missing(const FieldDescriptor& field) {
  const v1::ValuePolicy& said = field.options().GetExtension(v1::value);
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_STRING:
      if (field.type() == FieldDescriptor::TYPE_BYTES) {
        return said.bytes_max() > 0 ? "" : "bytes_max: …";
      }
      if (said.text() == v1::TEXT_UNSPECIFIED) return "text: TEXT_…";
      return said.bytes_max() > 0 || said.text() == v1::TEXT_ID ||
                     said.text() == v1::TEXT_CPR_NUMBER
                 ? ""
                 : "bytes_max: …";
    case FieldDescriptor::CPPTYPE_MESSAGE:
      if (field.message_type()->full_name() == "google.protobuf.Timestamp") {
        return said.time() != v1::TIME_UNSPECIFIED ? "" : "time: TIME_…";
      }
      return !field.is_repeated() || said.items_max() > 0 || !said.unique().empty()
                 ? ""
                 : "items_max: …, or unique: …";
    case FieldDescriptor::CPPTYPE_ENUM:  // one that is defined, in a list each once
    case FieldDescriptor::CPPTYPE_BOOL:
      return "";
    default:
      return said.number_max() > 0 ? "" : "number_max: …";
  }
}

class ValueCheck {
 public:
  explicit ValueCheck(std::vector<std::string>& mistakes) : mistakes_(mistakes) {}

  void Walk(const Descriptor& message) {
    if (!seen_.insert(message.full_name()).second) return;
    for (int i = 0; i < message.field_count(); ++i) {
      const FieldDescriptor& field = *message.field(i);
      if (IsKnownByName(field)) continue;
      if (const std::string_view missing = Missing(field); !missing.empty()) {
        mistakes_.push_back(
            absl::StrCat("proto/", field.file()->name(), ": ", field.full_name(),
                         " comes in by a request and does not say what it takes: add "
                         "[(exitbus.policy.v1.value) = {",
                         std::string(missing), "}]"));
      }
      if (!IsLeaf(field)) Walk(*field.message_type());
    }
  }

 private:
  std::vector<std::string>& mistakes_;
  std::set<std::string> seen_;
};

}  // namespace

void CheckValues(const ContractFiles& files, std::vector<std::string>& mistakes) {
  ValueCheck values(mistakes);
  for (const FileDescriptor* file : files) {
    for (int i = 0; i < file->service_count(); ++i) {
      for (int j = 0; j < file->service(i)->method_count(); ++j) {
        values.Walk(*file->service(i)->method(j)->input_type());
      }
    }
  }
}

}  // namespace exitbus::policy
