#include "tests/policy/filled.h"

#include <algorithm>

#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"
#include "gtest/gtest.h"
#include "services/policy/fields.h"

namespace exitbus::tables {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

constexpr char kPlanted[] = "planted text";

void SetLeaf(Message& message, const FieldDescriptor& field) {
  const auto* reflection = message.GetReflection();
  const bool many = field.is_repeated();
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_STRING:
      return many ? reflection->AddString(&message, &field, kPlanted)
                  : reflection->SetString(&message, &field, kPlanted);
    case FieldDescriptor::CPPTYPE_ENUM: {
      const auto* value = field.enum_type()->value(field.enum_type()->value_count() - 1);
      return many ? reflection->AddEnum(&message, &field, value)
                  : reflection->SetEnum(&message, &field, value);
    }
    case FieldDescriptor::CPPTYPE_UINT32:
      return many ? reflection->AddUInt32(&message, &field, 7)
                  : reflection->SetUInt32(&message, &field, 7);
    case FieldDescriptor::CPPTYPE_UINT64:
      return many ? reflection->AddUInt64(&message, &field, 7)
                  : reflection->SetUInt64(&message, &field, 7);
    case FieldDescriptor::CPPTYPE_BOOL:
      return reflection->SetBool(&message, &field, true);
    case FieldDescriptor::CPPTYPE_MESSAGE:
      many ? reflection->AddMessage(&message, &field)
           : reflection->MutableMessage(&message, &field);
      return;
    default:
      FAIL() << field.full_name() << " has a type this test does not set yet";
  }
}

}  // namespace

void Fill(Message& message, int choice, const std::string& path,
          std::map<std::string, const FieldDescriptor*>& leaves) {
  const Descriptor& type = *message.GetDescriptor();
  for (int i = 0; i < type.field_count(); ++i) {
    const FieldDescriptor& field = *type.field(i);
    const auto* oneof = field.real_containing_oneof();
    if (oneof != nullptr && field.index_in_oneof() != choice % oneof->field_count()) continue;
    const std::string at = path.empty() ? field.name() : path + "." + field.name();
    if (policy::IsLeaf(field)) {
      SetLeaf(message, field);
      leaves[at] = &field;
      continue;
    }
    Message* nested = field.is_repeated()
                          ? message.GetReflection()->AddMessage(&message, &field)
                          : message.GetReflection()->MutableMessage(&message, &field);
    Fill(*nested, choice, at, leaves);
  }
}

int Choices(const Descriptor& type) {
  int most = 1;
  for (int i = 0; i < type.oneof_decl_count(); ++i) {
    most = std::max(most, type.oneof_decl(i)->field_count());
  }
  return most;
}

}  // namespace exitbus::tables
