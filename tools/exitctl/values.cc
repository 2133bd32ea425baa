#include "tools/exitctl/values.h"

#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>
#include <google/protobuf/timestamp.pb.h>

#include <cstdint>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "services/exchange/ports/fault.h"
#include "services/exchange/ports/status_macros.h"
#include "services/exchange/proto_time.h"
#include "tools/exitctl/names.h"

namespace exitbus::exitctl {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;
using google::protobuf::Timestamp;

[[noreturn]] void NoSuchField(const Message& message, const std::string& path) {
  exchange::ProgramFault("the table of commands is wrong",
                         message.GetDescriptor()->full_name() + " has no " + path);
}

bool IsTime(const FieldDescriptor& field) {
  return field.cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE &&
         field.message_type() == Timestamp::descriptor();
}

Message& Part(Message& message, const FieldDescriptor& field) {
  const auto* reflection = message.GetReflection();
  return field.is_repeated() ? *reflection->AddMessage(&message, &field)
                             : *reflection->MutableMessage(&message, &field);
}

// The one value, or those of a list, between commas. Not for texts, which may have some themselves.
std::vector<std::string> ValuesIn(const FieldDescriptor& field, const std::string& text) {
  if (!field.is_repeated()) return {text};
  return absl::StrSplit(text, ',');
}

absl::Status SetEnum(Message& message, const FieldDescriptor& field, const std::string& text) {
  const auto* reflection = message.GetReflection();
  for (const std::string& name : ValuesIn(field, text)) {
    ASSIGN_OR_RETURN(const auto value, FindValue(*field.enum_type(), name));
    field.is_repeated() ? reflection->AddEnum(&message, &field, value)
                        : reflection->SetEnum(&message, &field, value);
  }
  return absl::OkStatus();
}

template <class Number>
absl::Status SetNumbers(Message& message, const FieldDescriptor& field, const std::string& text,
                        void (Reflection::*set)(Message*, const FieldDescriptor*, Number) const,
                        void (Reflection::*add)(Message*, const FieldDescriptor*, Number) const) {
  for (const std::string& value : ValuesIn(field, text)) {
    Number number = 0;
    if (!absl::SimpleAtoi(value, &number)) {
      return absl::InvalidArgumentError(absl::StrCat("\"", value, "\" is no whole number"));
    }
    (message.GetReflection()->*(field.is_repeated() ? add : set))(&message, &field, number);
  }
  return absl::OkStatus();
}

std::string FieldNames(const Descriptor& type) {
  std::vector<std::string> names;
  for (int i = 0; i < type.field_count(); ++i) names.push_back(type.field(i)->name());
  return absl::StrJoin(names, ", ");
}

// "type=housing,months=6,description=a room, quiet": a comma divides only before a field's name.
absl::Status SetParts(Message& part, const std::string& text, absl::Time now) {
  std::vector<std::pair<std::string, std::string>> fields;
  for (const std::string& piece : std::vector<std::string>(absl::StrSplit(text, ','))) {
    const std::size_t equals = piece.find('=');
    const std::string name = piece.substr(0, equals);
    if (equals != std::string::npos && part.GetDescriptor()->FindFieldByName(name) != nullptr) {
      fields.emplace_back(name, piece.substr(equals + 1));
    } else if (fields.empty()) {
      return absl::InvalidArgumentError(absl::StrCat("\"", piece, "\" is not FIELD=VALUE of ",
                                                     FieldNames(*part.GetDescriptor())));
    } else {
      absl::StrAppend(&fields.back().second, ",", piece);
    }
  }
  for (const auto& [name, value] : fields) {
    if (absl::Status set = SetField(part, name, value, now); !set.ok()) {
      return absl::InvalidArgumentError(absl::StrCat(name, ": ", std::string(set.message())));
    }
  }
  return absl::OkStatus();
}

absl::Status SetLeaf(Message& message, const FieldDescriptor& field, const std::string& text,
                     absl::Time now) {
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_STRING:
      if (field.is_repeated()) {
        message.GetReflection()->AddString(&message, &field, text);
      } else {
        message.GetReflection()->SetString(&message, &field, text);
      }
      return absl::OkStatus();
    case FieldDescriptor::CPPTYPE_ENUM:
      return SetEnum(message, field, text);
    case FieldDescriptor::CPPTYPE_UINT32:
      return SetNumbers(message, field, text, &Reflection::SetUInt32, &Reflection::AddUInt32);
    case FieldDescriptor::CPPTYPE_UINT64:
      return SetNumbers(message, field, text, &Reflection::SetUInt64, &Reflection::AddUInt64);
    case FieldDescriptor::CPPTYPE_BOOL:
      if (text != "true" && text != "false") {
        return absl::InvalidArgumentError(absl::StrCat("\"", text, "\" is neither true nor false"));
      }
      message.GetReflection()->SetBool(&message, &field, text == "true");
      return absl::OkStatus();
    case FieldDescriptor::CPPTYPE_MESSAGE:
      if (IsTime(field)) {
        const auto time = TimeOf(text, now);
        if (time.ok()) Part(message, field).CopyFrom(exchange::ToProto(*time));
        return time.status();
      }
      return SetParts(Part(message, field), text, now);
    default:
      NoSuchField(message, field.name() + " of a type that can be typed");
  }
}

}  // namespace

absl::StatusOr<absl::Time> TimeOf(const std::string& text, absl::Time now) {
  absl::Time time;
  absl::Duration duration;
  if (text == "now") return now;
  if ((absl::StartsWith(text, "+") || absl::StartsWith(text, "-")) &&
      absl::ParseDuration(text, &duration)) {
    return now + duration;
  }
  for (const char* format : {"%Y-%m-%d", "%Y-%m-%d%ET%H:%M:%E*S%Ez", "%Y-%m-%d%ET%H:%M%Ez"}) {
    if (absl::ParseTime(format, text, absl::UTCTimeZone(), &time, nullptr)) return time;
  }
  return absl::InvalidArgumentError(
      absl::StrCat("\"", text, "\" is no date (2026-03-01), no time with its offset ",
                   "(2026-03-01T09:00:00+01:00), nor now or +2h"));
}

const FieldDescriptor* FieldAt(const Descriptor& type, const std::string& path) {
  const Descriptor* at = &type;
  const FieldDescriptor* field = nullptr;
  for (const std::string& name : std::vector<std::string>(absl::StrSplit(path, '.'))) {
    field = at == nullptr ? nullptr : at->FindFieldByName(name);
    if (field == nullptr) return nullptr;
    at = field->message_type();
  }
  return field;
}

absl::Status SetField(Message& message, const std::string& path, const std::string& text,
                      absl::Time now) {
  Message* at = &message;
  const std::vector<std::string> names = absl::StrSplit(path, '.');
  for (std::size_t i = 0; i + 1 < names.size(); ++i) {
    const FieldDescriptor* field = at->GetDescriptor()->FindFieldByName(names[i]);
    if (field == nullptr || field->is_repeated()) NoSuchField(*at, path);
    at = &Part(*at, *field);
  }
  const FieldDescriptor* field = at->GetDescriptor()->FindFieldByName(names.back());
  if (field == nullptr) NoSuchField(*at, path);
  return SetLeaf(*at, *field, text, now);
}

std::string Understood(const FieldDescriptor& field) {
  if (field.cpp_type() == FieldDescriptor::CPPTYPE_ENUM) {
    return absl::StrJoin(ShortNames(*field.enum_type()), ", ");
  }
  if (IsTime(field)) return "2026-03-01 (midnight UTC), 2026-03-01T09:00:00+01:00, now or +2h";
  if (field.cpp_type() != FieldDescriptor::CPPTYPE_MESSAGE) return "";
  std::vector<std::string> lines;
  for (int i = 0; i < field.message_type()->field_count(); ++i) {
    const FieldDescriptor& part = *field.message_type()->field(i);
    const std::string values = Understood(part);
    lines.push_back(absl::StrCat("  ", part.name(), "=", values.empty() ? "…" : "", values));
  }
  return "FIELD=VALUE,FIELD=VALUE,… of\n" + absl::StrJoin(lines, "\n");
}

}  // namespace exitbus::exitctl
