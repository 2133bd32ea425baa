#include "tools/exitctl/rendering.h"

#include <google/protobuf/descriptor.h>
#include <google/protobuf/util/json_util.h>
#include <google/protobuf/wrappers.pb.h>

#include <memory>
#include <optional>
#include <vector>

#include "absl/strings/str_cat.h"
#include "adapters/system/shown.h"
#include "exitbus/casework/v1/case_service.pb.h"
#include "exitbus/casework/v1/erasure_service.pb.h"
#include "exitbus/contact_point/v1/handover_desk.pb.h"
#include "exitbus/handover/v1/handover_service.pb.h"
#include "exitbus/nec/v1/overview_service.pb.h"
#include "exitbus/police/v1/security_service.pb.h"
#include "exitbus/watch/v1/watch.pb.h"
#include "tools/exitctl/views.h"

namespace exitbus::exitctl {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

template <class Reply>
const Reply* As(const Message& reply) {
  return google::protobuf::DynamicCastToGenerated<Reply>(&reply);
}

// The resource a reply consists of; null where it is a list.
const Message* ResourceOf(const Message& reply) {
  if (reply.GetDescriptor()->field_count() != 1) return nullptr;
  const FieldDescriptor* field = reply.GetDescriptor()->field(0);
  if (field->is_repeated() || field->message_type() == nullptr) return nullptr;
  return &reply.GetReflection()->GetMessage(reply, field);
}

std::string Json(const Message& message, bool spread) {
  google::protobuf::util::JsonPrintOptions options;
  options.add_whitespace = spread;
  options.preserve_proto_field_names = true;
  std::string json;
  if (google::protobuf::util::MessageToJsonString(message, &json, options).ok()) return json;
  // Something in it has no form in JSON, such as a time in the year 10000: shown as text then.
  google::protobuf::StringValue text;
  text.set_value(message.Utf8DebugString());
  json.clear();
  (void)google::protobuf::util::MessageToJsonString(text, &json);
  return absl::StrCat("{\"has_no_json\": ", json, "}");
}

// Each of its texts on one line, whoever wrote it, so that none can pose as lines of ours.
void ShowTexts(Message& message) {
  const auto* reflection = message.GetReflection();
  std::vector<const FieldDescriptor*> fields;
  reflection->ListFields(message, &fields);
  for (const FieldDescriptor* field : fields) {
    const int count = field->is_repeated() ? reflection->FieldSize(message, field) : 0;
    if (field->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE) {
      if (!field->is_repeated()) ShowTexts(*reflection->MutableMessage(&message, field));
      for (int i = 0; i < count; ++i) {
        ShowTexts(*reflection->MutableRepeatedMessage(&message, field, i));
      }
    } else if (field->type() == FieldDescriptor::TYPE_STRING && !field->is_repeated()) {
      reflection->SetString(&message, field,
                            adapters::Shown(reflection->GetString(message, field)));
    } else if (field->type() == FieldDescriptor::TYPE_STRING) {
      for (int i = 0; i < count; ++i) {
        reflection->SetRepeatedString(
            &message, field, i, adapters::Shown(reflection->GetRepeatedString(message, field, i)));
      }
    }
  }
}

std::unique_ptr<Message> WithTextsShown(const Message& message) {
  std::unique_ptr<Message> shown(message.New());
  shown->CopyFrom(message);
  ShowTexts(*shown);
  return shown;
}

template <class Reply>
std::optional<std::string> AccountAsText(const Message& reply) {
  const auto* account = As<Reply>(reply);
  if (account == nullptr) return std::nullopt;
  return ViewOf(account->entries(), account->next_page_token());
}

// Null: a resource that has no view of its own.
std::optional<std::string> ResourceAsText(const Message& resource) {
  if (const auto* view = As<casework::v1::Case>(resource)) return ViewOf(*view);
  if (const auto* view = As<handover::v1::Handover>(resource)) return ViewOf(*view);
  if (const auto* view = As<police::v1::SecurityFile>(resource)) return ViewOf(*view);
  if (const auto* view = As<contact_point::v1::FollowedHandover>(resource)) return ViewOf(*view);
  if (const auto* view = As<nec::v1::OverviewEntry>(resource)) return ViewOf(*view);
  if (const auto* view = As<casework::v1::Responsibility>(resource)) return ViewOf(*view);
  if (const auto* view = As<casework::v1::Erasure>(resource)) return ViewOf(*view);
  return std::nullopt;
}

}  // namespace

std::string AsJson(const Message& message) { return Json(message, true); }

std::string AsJsonLine(const Message& message) { return Json(message, false) + "\n"; }

std::string AsText(const Message& answer) {
  const std::unique_ptr<Message> shown = WithTextsShown(answer);
  const Message& reply = *shown;
  if (const auto* list = As<casework::v1::ListCasesResponse>(reply)) return ViewOf(*list);
  if (const auto* list = As<casework::v1::ListErasuresResponse>(reply)) return ViewOf(*list);
  if (const auto* list = As<handover::v1::ListHandoversResponse>(reply)) return ViewOf(*list);
  if (const auto* list = As<police::v1::ListSecurityFilesResponse>(reply)) return ViewOf(*list);
  if (const auto* list = As<contact_point::v1::ListFollowedHandoversResponse>(reply)) {
    return ViewOf(*list);
  }
  if (const auto* list = As<nec::v1::ListEntriesResponse>(reply)) return ViewOf(*list);
  if (const auto text = AccountAsText<casework::v1::GetAccountResponse>(reply)) return *text;
  if (const auto text = AccountAsText<police::v1::GetAccountResponse>(reply)) return *text;
  if (const auto text = AccountAsText<nec::v1::GetAccountResponse>(reply)) return *text;
  if (const Message* resource = ResourceOf(reply)) {
    if (const auto text = ResourceAsText(*resource)) return *text;
  }
  return AsJson(answer);
}

std::string ChangeAsText(const Message& message) {
  const auto* reflection = message.GetReflection();
  const FieldDescriptor* change = reflection->GetOneofFieldDescriptor(
      message, message.GetDescriptor()->FindOneofByName("change"));
  if (change == nullptr) return AsJson(message);
  if (change->message_type() != nullptr) {
    const Message& resource = reflection->GetMessage(message, change);
    return ResourceAsText(*WithTextsShown(resource)).value_or(AsJson(resource)) + "\n";
  }
  if (change->name() == "gone") {
    return absl::StrCat("gone ", adapters::Shown(reflection->GetString(message, change)), "\n\n");
  }
  return reflection->GetEnumValue(message, change) == watch::v1::MARKER_CAUGHT_UP
             ? "-- all there is; changes follow as they happen\n\n"
             : "-- all there is follows; what is not in it is gone\n\n";
}

}  // namespace exitbus::exitctl
