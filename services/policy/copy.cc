#include "services/policy/copy.h"

#include <vector>

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

// From a field of one message to the same of another, or to one like it.
struct FieldCopy {
  const Message& from;
  const FieldDescriptor* field;
  Message* to;
  const FieldDescriptor* into;
};

template <class Get, class GetAt, class Set, class Add>
void Copy(const FieldCopy& copy, Get get, GetAt get_at, Set set, Add add) {
  const Reflection& source = *copy.from.GetReflection();
  const Reflection& target = *copy.to->GetReflection();
  if (!copy.field->is_repeated()) {
    return (target.*set)(copy.to, copy.into, (source.*get)(copy.from, copy.field));
  }
  const int count = source.FieldSize(copy.from, copy.field);
  for (int i = 0; i < count; ++i) {
    (target.*add)(copy.to, copy.into, (source.*get_at)(copy.from, copy.field, i));
  }
}

void CopyMessages(const FieldCopy& copy) {
  const Reflection& source = *copy.from.GetReflection();
  const Reflection& target = *copy.to->GetReflection();
  if (!copy.field->is_repeated()) {
    return CopyMessage(source.GetMessage(copy.from, copy.field),
                       target.MutableMessage(copy.to, copy.into));
  }
  const int count = source.FieldSize(copy.from, copy.field);
  for (int i = 0; i < count; ++i) {
    CopyMessage(source.GetRepeatedMessage(copy.from, copy.field, i),
                target.AddMessage(copy.to, copy.into));
  }
}

void Copy(const FieldCopy& copy) {
  using R = Reflection;
  switch (copy.field->cpp_type()) {
    case FieldDescriptor::CPPTYPE_INT32:
      return Copy(copy, &R::GetInt32, &R::GetRepeatedInt32, &R::SetInt32, &R::AddInt32);
    case FieldDescriptor::CPPTYPE_INT64:
      return Copy(copy, &R::GetInt64, &R::GetRepeatedInt64, &R::SetInt64, &R::AddInt64);
    case FieldDescriptor::CPPTYPE_UINT32:
      return Copy(copy, &R::GetUInt32, &R::GetRepeatedUInt32, &R::SetUInt32, &R::AddUInt32);
    case FieldDescriptor::CPPTYPE_UINT64:
      return Copy(copy, &R::GetUInt64, &R::GetRepeatedUInt64, &R::SetUInt64, &R::AddUInt64);
    case FieldDescriptor::CPPTYPE_DOUBLE:
      return Copy(copy, &R::GetDouble, &R::GetRepeatedDouble, &R::SetDouble, &R::AddDouble);
    case FieldDescriptor::CPPTYPE_FLOAT:
      return Copy(copy, &R::GetFloat, &R::GetRepeatedFloat, &R::SetFloat, &R::AddFloat);
    case FieldDescriptor::CPPTYPE_BOOL:
      return Copy(copy, &R::GetBool, &R::GetRepeatedBool, &R::SetBool, &R::AddBool);
    case FieldDescriptor::CPPTYPE_ENUM:
      return Copy(copy, &R::GetEnumValue, &R::GetRepeatedEnumValue, &R::SetEnumValue,
                  &R::AddEnumValue);
    case FieldDescriptor::CPPTYPE_STRING:
      return Copy(copy, &R::GetString, &R::GetRepeatedString, &R::SetString, &R::AddString);
    case FieldDescriptor::CPPTYPE_MESSAGE:
      return CopyMessages(copy);
  }
}

bool IsAlike(const FieldDescriptor& a, const FieldDescriptor& b) {
  return a.is_repeated() == b.is_repeated() && a.type() == b.type() &&
         a.message_type() == b.message_type() && a.enum_type() == b.enum_type();
}

}  // namespace

void CopyLeaf(const FieldDescriptor& field, const Message& from, Message& to) {
  Copy({from, &field, &to, &field});
}

void CopyAlike(const Message& from, Message& to) {
  std::vector<const FieldDescriptor*> set;
  from.GetReflection()->ListFields(from, &set);
  for (const FieldDescriptor* field : set) {
    const FieldDescriptor* into = to.GetDescriptor()->FindFieldByName(field->name());
    if (into != nullptr && IsAlike(*field, *into)) Copy({from, field, &to, into});
  }
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
