#include "services/exchange/typed.h"

#include "exitbus/exchange/v1/body.pb.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"
#include "services/exchange/outgoing.h"
#include "services/exchange/ports/fault.h"

namespace exitbus::exchange {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::OneofDescriptor;

// A part that cannot be put together is a mistake in this program, seen at its first start.
[[noreturn]] void Broken(const char* what, std::string_view name) { ProgramFault(what, name); }

// Bodies and events have one oneof, of messages.
const OneofDescriptor* OneofOf(const Descriptor* message) { return message->oneof_decl(0); }

int NumberOf(const Descriptor* of, const Descriptor* type) {
  const OneofDescriptor* oneof = OneofOf(of);
  for (int i = 0; i < oneof->field_count(); ++i) {
    if (oneof->field(i)->message_type() == type) return oneof->field(i)->number();
  }
  Broken("registered, but no member of what holds it", type->full_name());
}

}  // namespace

int KindOfType(const Descriptor* message) { return NumberOf(v1::Body::descriptor(), message); }

int MemberOfType(const Descriptor* event, const Descriptor* what) { return NumberOf(event, what); }

void PutInto(Message& event, const Message& what) {
  const int member = MemberOfType(event.GetDescriptor(), what.GetDescriptor());
  event.GetReflection()
      ->MutableMessage(&event, event.GetDescriptor()->FindFieldByNumber(member))
      ->CopyFrom(what);
}

std::string MethodOf(const Descriptor* request) {
  const auto* file = request->file();
  for (int i = 0; i < file->service_count(); ++i) {
    for (int j = 0; j < file->service(i)->method_count(); ++j) {
      const auto* method = file->service(i)->method(j);
      if (method->input_type() == request) return method->full_name();
    }
  }
  Broken("registered, but no method takes it", request->full_name());
}

Member KindOf(const v1::Body& body) { return {body.kind_case(), KindIn(body)}; }

Member MemberOf(const Message& event) {
  const auto* reflection = event.GetReflection();
  const FieldDescriptor* set =
      reflection->GetOneofFieldDescriptor(event, OneofOf(event.GetDescriptor()));
  if (set == nullptr) return {0, nullptr};
  return {set->number(), &reflection->GetMessage(event, set)};
}

void RegisteredTwice(std::string_view name) { Broken("registered twice", name); }

void RegisteredTwice(std::string_view aggregate, int member) {
  RegisteredTwice(std::string(aggregate) + " takes member " + std::to_string(member));
}

}  // namespace exitbus::exchange
