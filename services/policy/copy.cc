#include "services/policy/copy.h"

#include <string>

#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"

namespace exitbus::policy {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;

void CopyMessage(const Message& from, Message* to) {
  to->CopyFrom(from);
  to->DiscardUnknownFields();
}

void CopySingular(const FieldDescriptor* field, const Message& from, Message* to) {
  const Reflection* source = from.GetReflection();
  const Reflection* target = to->GetReflection();
  switch (field->cpp_type()) {
    case FieldDescriptor::CPPTYPE_INT32:
      return target->SetInt32(to, field, source->GetInt32(from, field));
    case FieldDescriptor::CPPTYPE_INT64:
      return target->SetInt64(to, field, source->GetInt64(from, field));
    case FieldDescriptor::CPPTYPE_UINT32:
      return target->SetUInt32(to, field, source->GetUInt32(from, field));
    case FieldDescriptor::CPPTYPE_UINT64:
      return target->SetUInt64(to, field, source->GetUInt64(from, field));
    case FieldDescriptor::CPPTYPE_DOUBLE:
      return target->SetDouble(to, field, source->GetDouble(from, field));
    case FieldDescriptor::CPPTYPE_FLOAT:
      return target->SetFloat(to, field, source->GetFloat(from, field));
    case FieldDescriptor::CPPTYPE_BOOL:
      return target->SetBool(to, field, source->GetBool(from, field));
    case FieldDescriptor::CPPTYPE_ENUM:
      return target->SetEnumValue(to, field, source->GetEnumValue(from, field));
    case FieldDescriptor::CPPTYPE_STRING:
      return target->SetString(to, field, source->GetString(from, field));
    case FieldDescriptor::CPPTYPE_MESSAGE:
      return CopyMessage(source->GetMessage(from, field), target->MutableMessage(to, field));
  }
}

void CopyElement(const FieldDescriptor* field, int i, const Message& from, Message* to) {
  const Reflection* source = from.GetReflection();
  const Reflection* target = to->GetReflection();
  switch (field->cpp_type()) {
    case FieldDescriptor::CPPTYPE_INT32:
      return target->AddInt32(to, field, source->GetRepeatedInt32(from, field, i));
    case FieldDescriptor::CPPTYPE_INT64:
      return target->AddInt64(to, field, source->GetRepeatedInt64(from, field, i));
    case FieldDescriptor::CPPTYPE_UINT32:
      return target->AddUInt32(to, field, source->GetRepeatedUInt32(from, field, i));
    case FieldDescriptor::CPPTYPE_UINT64:
      return target->AddUInt64(to, field, source->GetRepeatedUInt64(from, field, i));
    case FieldDescriptor::CPPTYPE_DOUBLE:
      return target->AddDouble(to, field, source->GetRepeatedDouble(from, field, i));
    case FieldDescriptor::CPPTYPE_FLOAT:
      return target->AddFloat(to, field, source->GetRepeatedFloat(from, field, i));
    case FieldDescriptor::CPPTYPE_BOOL:
      return target->AddBool(to, field, source->GetRepeatedBool(from, field, i));
    case FieldDescriptor::CPPTYPE_ENUM:
      return target->AddEnumValue(to, field, source->GetRepeatedEnumValue(from, field, i));
    case FieldDescriptor::CPPTYPE_STRING:
      return target->AddString(to, field, source->GetRepeatedString(from, field, i));
    case FieldDescriptor::CPPTYPE_MESSAGE:
      return CopyMessage(source->GetRepeatedMessage(from, field, i), target->AddMessage(to, field));
  }
}

}  // namespace

void CopyLeaf(const FieldDescriptor& field, const Message& from, Message& to) {
  if (!field.is_repeated()) return CopySingular(&field, from, &to);
  const int count = from.GetReflection()->FieldSize(from, &field);
  for (int i = 0; i < count; ++i) CopyElement(&field, i, from, &to);
}

bool LeafHoldsUnknownFields(const FieldDescriptor& field, const Message& message) {
  if (field.message_type() == nullptr) return false;
  const Reflection* reflection = message.GetReflection();
  const int count = field.is_repeated() ? reflection->FieldSize(message, &field) : 1;
  for (int i = 0; i < count; ++i) {
    const Message& leaf = field.is_repeated() ? reflection->GetRepeatedMessage(message, &field, i)
                                              : reflection->GetMessage(message, &field);
    if (!leaf.GetReflection()->GetUnknownFields(leaf).empty()) return true;
  }
  return false;
}

}  // namespace exitbus::policy
