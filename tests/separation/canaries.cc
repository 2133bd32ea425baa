#include "tests/separation/canaries.h"

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "services/policy/fields.h"

namespace exitbus::story {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

constexpr char kCprNumber[] = "cpr_number";
constexpr char kContent[] = "content";
constexpr int kDepthMax = 8;

}  // namespace

std::string SyntheticCprNumber(int serial) {
  return absl::StrFormat("%02d%02d88%04d", 61 + serial % 28, 1 + serial % 12, serial % 10000);
}

Canaries::Canaries(char series) : series_(series) {
  std::set<std::string> seen;
  for (const auto* method : AllMethods()) {
    if (Writes(*method)) Plan(*method->input_type(), seen);
  }
}

void Canaries::Plan(const Descriptor& type, std::set<std::string>& seen) {
  if (!seen.insert(type.full_name()).second) return;
  for (int i = 0; i < type.field_count(); ++i) {
    const FieldDescriptor& field = *type.field(i);
    if (!policy::IsLeaf(field)) {
      Plan(*field.message_type(), seen);
    } else if (!TakesFreeText(field)) {
      not_plantable_.insert(field.full_name());
    } else if (field.name() != kCprNumber) {
      by_field_[field.full_name()] = canaries_.size();
      canaries_.push_back({absl::StrFormat("Kanarie%c%03d%s", series_, canaries_.size(),
                                           absl::StrCat("-", field.name(), ".")),
                           field.full_name(),
                           LabelOf(field),
                           {}});
    }
  }
}

std::string Canaries::Planted(const FieldDescriptor& field, const std::string& text) {
  if (field.name() == kCprNumber) {
    const std::string number =
        text.empty() ? SyntheticCprNumber(series_ * 100 + static_cast<int>(canaries_.size()))
                     : text;
    if (by_number_.emplace(number, canaries_.size()).second) {
      canaries_.push_back({number, field.full_name(), LabelOf(field), {}});
    }
    return number;
  }
  const auto found = by_field_.find(field.full_name());
  if (found == by_field_.end()) return text;
  const std::string& value = canaries_[found->second].value;
  if (absl::StrContains(text, value)) return text;
  return text.empty() ? value : absl::StrCat(text, " ", value);
}

void Canaries::WordField(Message& said, const FieldDescriptor& field, bool empty_too) {
  const auto* reflection = said.GetReflection();
  if (!field.is_repeated()) {
    const std::string text = reflection->GetString(said, &field);
    if (!text.empty() || empty_too) reflection->SetString(&said, &field, Planted(field, text));
    return;
  }
  for (int i = 0; i < reflection->FieldSize(said, &field); ++i) {
    const std::string text = reflection->GetRepeatedString(said, &field, i);
    reflection->SetRepeatedString(&said, &field, i, Planted(field, text));
  }
}

void Canaries::Word(Message& said) {
  const auto* reflection = said.GetReflection();
  for (int i = 0; i < said.GetDescriptor()->field_count(); ++i) {
    const FieldDescriptor& field = *said.GetDescriptor()->field(i);
    if (policy::IsLeaf(field)) {
      // An absent number of a person is not made up in the story.
      if (TakesFreeText(field)) WordField(said, field, field.name() != kCprNumber);
    } else if (field.is_repeated()) {
      for (int k = 0; k < reflection->FieldSize(said, &field); ++k) {
        Word(*reflection->MutableRepeatedMessage(&said, &field, k));
      }
    } else if (reflection->HasField(said, &field)) {
      Word(*reflection->MutableMessage(&said, &field));
    }
  }
}

void Canaries::WordAll(Message& request) {
  Fill(request, 0);
  Word(request);
}

void Canaries::Fill(Message& request, int depth) {
  const auto* reflection = request.GetReflection();
  for (int i = 0; i < request.GetDescriptor()->field_count(); ++i) {
    const FieldDescriptor& field = *request.GetDescriptor()->field(i);
    if (field.containing_oneof() != nullptr &&
        reflection->HasOneof(request, field.containing_oneof()))
      continue;
    switch (field.cpp_type()) {
      case FieldDescriptor::CPPTYPE_STRING:
        if (TakesFreeText(field) && field.is_repeated()) {
          reflection->AddString(&request, &field, Planted(field, ""));
        } else if (TakesFreeText(field)) {
          WordField(request, field, true);
        }
        break;
      case FieldDescriptor::CPPTYPE_ENUM: {
        const auto* first = field.enum_type()->FindValueByNumber(1);
        if (first != nullptr && field.is_repeated()) reflection->AddEnum(&request, &field, first);
        if (first != nullptr && !field.is_repeated()) reflection->SetEnum(&request, &field, first);
        break;
      }
      case FieldDescriptor::CPPTYPE_UINT32:
        if (!field.is_repeated()) reflection->SetUInt32(&request, &field, 1);
        break;
      case FieldDescriptor::CPPTYPE_MESSAGE:
        if (depth < kDepthMax && !policy::IsLeaf(field)) {
          Fill(field.is_repeated() ? *reflection->AddMessage(&request, &field)
                                   : *reflection->MutableMessage(&request, &field),
               depth + 1);
        }
        break;
      default:
        break;
    }
  }
}

void Canaries::Answered(const Member& member, const std::string& method, const Message& request,
                        const adapters::GrpcClient::Reply& reply) {
  if (reply.ok()) Took(member.id, request);
  heard_.push_back({member, method,
                    reply.ok() ? (*reply)->SerializeAsString() : reply.status().ToString(),
                    reply.ok()});
}

void Canaries::Took(const std::string& authority, const Message& request) {
  ForEachLeaf(
      request, [&](const FieldDescriptor& field, const std::string&, const std::string& value) {
        if (field.name() == kContent) {
          // A document's bytes, which have a digest, so that no value is added to them.
          canaries_.push_back({value, field.full_name(), LabelOf(field), {authority}});
        } else if (field.name() == kCprNumber) {
          if (const auto found = by_number_.find(value); found != by_number_.end()) {
            canaries_[found->second].written_by.insert(authority);
          }
        } else if (const auto found = by_field_.find(field.full_name()); found != by_field_.end()) {
          Canary& canary = canaries_[found->second];
          if (absl::StrContains(value, canary.value)) canary.written_by.insert(authority);
        }
      });
}

std::vector<std::string> Canaries::values() const {
  std::vector<std::string> values;
  for (const Canary& canary : canaries_) values.push_back(canary.value);
  return values;
}

}  // namespace exitbus::story
