#include "services/exchange/answers.h"

#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>

#include "absl/strings/escaping.h"
#include "exitbus/store/v1/rows.pb.h"
#include "services/exchange/decision_context.h"
#include "services/exchange/environment.h"
#include "services/exchange/laws.h"
#include "services/exchange/ports/directory.h"
#include "services/exchange/ports/fault.h"
#include "services/exchange/proto_time.h"
#include "services/policy/plan.h"
#include "services/policy/readers.h"

namespace exitbus::exchange {
namespace {

namespace pv1 = policy::v1;
using google::protobuf::FieldDescriptor;

constexpr std::size_t kEtagBytes = 12;

const FieldDescriptor* FieldOf(const Message& message, std::string_view name) {
  return message.GetDescriptor()->FindFieldByName(std::string(name));
}

Shown ShownBy(policy::Projection& projection, const Visibility& visibility) {
  Shown shown;
  shown.resource = std::move(projection.message);
  shown.reader = visibility.reader;
  shown.break_glass = visibility.break_glass;
  shown.fields = std::move(projection.released_fields);
  shown.categories.assign(projection.released.begin(), projection.released.end());
  return shown;
}

}  // namespace

pv1::Reader ReaderOf(const DecisionContext& context) {
  if (context.self == nullptr) return pv1::READER_UNSPECIFIED;
  return policy::ReaderFor(context.self->kind, policy::FunctionNamed(context.caller.function));
}

bool KeepsBack(const Visibility& visibility, const Message& resource) {
  return policy::IsKeptBack(resource, {visibility.reader, pv1::LEVEL_FULL, visibility.satisfied});
}

Shown Show(const Message& resource, const Visibility& visibility, const Environment& environment) {
  const policy::Viewer viewer{visibility.reader, pv1::LEVEL_FULL, visibility.satisfied};
  std::unique_ptr<Message> part;
  if (visibility.leave_out) {
    part.reset(resource.New());
    part->CopyFrom(resource);
    visibility.leave_out(*part);
  }
  policy::Projection projection = policy::Project(part ? *part : resource, viewer);
  Shown shown = ShownBy(projection, visibility);
  const auto* reflection = shown.resource->GetReflection();
  const FieldDescriptor* withheld = FieldOf(*shown.resource, "withheld");
  const FieldDescriptor* etag = FieldOf(*shown.resource, "etag");
  if (withheld == nullptr || etag == nullptr) {
    ProgramFault("a resource lacks withheld or etag", resource.GetDescriptor()->full_name());
  }
  for (const pv1::Category category : policy::WithheldFrom(*resource.GetDescriptor(), viewer)) {
    reflection->AddEnumValue(shown.resource.get(), withheld, category);
  }
  shown.etag = absl::BytesToHexString(
      environment.crypto->Digest(shown.resource->SerializeAsString()).substr(0, kEtagBytes));
  reflection->SetString(shown.resource.get(), etag, shown.etag);
  return shown;
}

bool IsTooLarge(const Message& resource) { return resource.ByteSizeLong() > kResourceBytesMax; }

Refusal LetterTooLarge() {
  return BadInput("letter.too_large",
                  "Another authority has to be told of this, and one letter does not hold it (some "
                  "900 kB). Shorten the texts, or record it in several steps.");
}

Refusal TooLarge() {
  return RefusedBy(
      "answer.too_large",
      "It holds more than the 3 MiB that an answer may have. Ask for a part of it, its "
      "handovers or its account for instance, by methods of their own; tell the "
      "operators.");
}

void OnlyName(Shown& shown) {
  const auto* reflection = shown.resource->GetReflection();
  std::vector<const FieldDescriptor*> set;
  reflection->ListFields(*shown.resource, &set);
  for (const FieldDescriptor* field : set) {
    if (field->number() != 1 && field->name() != "etag") {
      reflection->ClearField(shown.resource.get(), field);
    }
  }
  shown.categories.clear();
  shown.fields.clear();
}

std::unique_ptr<Message> NewResponse(std::string_view method) {
  const auto* descriptor =
      google::protobuf::DescriptorPool::generated_pool()->FindMethodByName(std::string(method));
  if (descriptor == nullptr) ProgramFault("a method is not linked in", method);
  return std::unique_ptr<Message>(google::protobuf::MessageFactory::generated_factory()
                                      ->GetPrototype(descriptor->output_type())
                                      ->New());
}

std::unique_ptr<Message> ResponseOf(std::string_view method, std::unique_ptr<Message> resource) {
  std::unique_ptr<Message> response = NewResponse(method);
  response->GetReflection()->SetAllocatedMessage(response.get(), resource.release(),
                                                 response->GetDescriptor()->field(0));
  return response;
}

Shown GoneOf(std::string_view method, std::string_view id, const Visibility& visibility) {
  const std::unique_ptr<Message> response = NewResponse(method);
  SetString(*response, "gone", id);
  policy::Projection projection = policy::Project(
      *response, policy::Viewer{visibility.reader, pv1::LEVEL_FULL, visibility.satisfied});
  Shown shown = ShownBy(projection, visibility);
  if (!projection.withheld.empty()) shown.resource = nullptr;
  return shown;
}

std::unique_ptr<Message> MarkerOf(std::string_view method, int marker) {
  std::unique_ptr<Message> response = NewResponse(method);
  response->GetReflection()->SetEnumValue(response.get(), FieldOf(*response, "marker"), marker);
  return response;
}

void SetString(Message& message, std::string_view field, std::string_view value) {
  message.GetReflection()->SetString(&message, FieldOf(message, field), std::string(value));
}

std::unique_ptr<Message> ListResponseOf(std::string_view method,
                                        std::vector<std::unique_ptr<Message>> resources,
                                        const std::string& next_page_token) {
  std::unique_ptr<Message> response = NewResponse(method);
  const auto* reflection = response->GetReflection();
  for (auto& resource : resources) {
    reflection->AddAllocatedMessage(response.get(), response->GetDescriptor()->field(0),
                                    resource.release());
  }
  reflection->SetString(response.get(), FieldOf(*response, "next_page_token"), next_page_token);
  return response;
}

store::v1::DisclosureRow ReadRow(const DecisionContext& context, std::string_view method,
                                 const Shown& shown) {
  store::v1::DisclosureRow row;
  row.set_recipient(kCaller);
  row.set_caller(context.caller.system + "." + context.caller.function + "/" +
                 context.caller.employee);
  row.set_kind(std::string(method));
  for (const int category : shown.categories) {
    row.add_categories(static_cast<pv1::Category>(category));
  }
  for (const std::string& field : shown.fields) row.add_fields(field);
  row.set_reader(shown.reader);
  row.set_break_glass(shown.break_glass);
  const auto kind = context.self == nullptr ? pv1::AUTHORITY_KIND_UNSPECIFIED : context.self->kind;
  row.set_legal_basis(LawOfRead(*context.laws, kind, context.caller.purpose));
  row.set_purpose(context.caller.purpose);
  row.set_remark(context.caller.remark);
  *row.mutable_time() = ToProto(context.now);
  return row;
}

std::string StringField(const Message& message, std::string_view field) {
  const FieldDescriptor* descriptor = FieldOf(message, field);
  return descriptor == nullptr ? "" : message.GetReflection()->GetString(message, descriptor);
}

std::uint32_t NumberField(const Message& message, std::string_view field) {
  const FieldDescriptor* descriptor = FieldOf(message, field);
  return descriptor == nullptr ? 0 : message.GetReflection()->GetUInt32(message, descriptor);
}

}  // namespace exitbus::exchange
