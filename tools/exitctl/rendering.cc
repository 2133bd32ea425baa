#include "tools/exitctl/rendering.h"

#include <google/protobuf/descriptor.h>
#include <google/protobuf/text_format.h>
#include <google/protobuf/timestamp.pb.h>
#include <google/protobuf/util/json_util.h>
#include <google/protobuf/wrappers.pb.h>

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "adapters/system/shown.h"
#include "exitbus/watch/v1/watch.pb.h"
#include "services/exchange/proto_time.h"
#include "tools/exitctl/account.h"
#include "tools/exitctl/names.h"
#include "tools/exitctl/reading.h"
#include "tools/exitctl/text_table.h"
#include "tools/exitctl/values.h"

namespace exitbus::exitctl {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Timestamp;

constexpr std::size_t kHeadWidth = 14;
constexpr std::size_t kHexBytesMax = 64;
constexpr std::size_t kTableWidthMax = 120;

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

bool IsMessage(const FieldDescriptor& field) {
  return field.message_type() != nullptr && field.message_type() != Timestamp::descriptor();
}

int CountOf(const Message& message, const FieldDescriptor& field) {
  const auto* reflection = message.GetReflection();
  if (field.is_repeated()) return reflection->FieldSize(message, &field);
  return field.message_type() == nullptr || reflection->HasField(message, &field) ? 1 : 0;
}

const Message& PartOf(const Message& message, const FieldDescriptor& field, int index) {
  const auto* reflection = message.GetReflection();
  return field.is_repeated() ? reflection->GetRepeatedMessage(message, &field, index)
                             : reflection->GetMessage(message, &field);
}

std::string BytesAsText(const std::string& bytes) {
  return bytes.size() <= kHexBytesMax ? absl::BytesToHexString(bytes)
                                      : absl::StrCat(bytes.size(), " bytes: --json prints them");
}

std::string Inline(const Message& message);

// One value; empty: not set.
std::string ValueOf(const Message& message, const FieldDescriptor& field, int index) {
  const auto* reflection = message.GetReflection();
  const bool repeated = field.is_repeated();
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_STRING: {
      const std::string text = repeated ? reflection->GetRepeatedString(message, &field, index)
                                        : reflection->GetString(message, &field);
      return field.type() == FieldDescriptor::TYPE_BYTES ? BytesAsText(text)
                                                         : adapters::Shown(text);
    }
    case FieldDescriptor::CPPTYPE_ENUM:
      return WordsOf(*field.enum_type(),
                     repeated ? reflection->GetRepeatedEnumValue(message, &field, index)
                              : reflection->GetEnumValue(message, &field));
    case FieldDescriptor::CPPTYPE_BOOL:
      return (repeated ? reflection->GetRepeatedBool(message, &field, index)
                       : reflection->GetBool(message, &field))
                 ? WordsOfTrue(field)
                 : "";
    case FieldDescriptor::CPPTYPE_MESSAGE: {
      const Message& part = PartOf(message, field, index);
      return IsMessage(field) ? Inline(part)
                              : Moment(*google::protobuf::DynamicCastToGenerated<Timestamp>(&part));
    }
    default: {
      std::string number;
      google::protobuf::TextFormat::PrintFieldValueToString(message, &field, repeated ? index : -1,
                                                            &number);
      return number == "0" ? "" : number;
    }
  }
}

// All its values, one after the other.
std::string ValuesOf(const Message& message, const FieldDescriptor& field, const char* between) {
  if (const auto computed = ComputedOf(message, field)) return *computed;
  std::vector<std::string> values;
  for (int i = 0; i < CountOf(message, field); ++i) values.push_back(ValueOf(message, field, i));
  return absl::StrJoin(values, between);
}

// "authority nec, version 2, overdue".
std::string Inline(const Message& message) {
  std::vector<std::string> parts;
  for (const FieldDescriptor* field : FieldsOf(*message.GetDescriptor())) {
    const std::string values = ValuesOf(message, *field, "; ");
    if (values.empty()) continue;
    parts.push_back(values == "yes" ? LabelOf(*field) : LabelOf(*field) + " " + values);
  }
  return absl::StrJoin(parts, ", ");
}

// The value at a path such as "person.name"; of a list, in its last element.
std::string ValueAt(const Message& message, const std::string& path) {
  const std::vector<std::string> names = absl::StrSplit(path, absl::MaxSplits('.', 1));
  const FieldDescriptor* field = message.GetDescriptor()->FindFieldByName(names[0]);
  if (field == nullptr) return "";
  if (names.size() == 1) return ValuesOf(message, *field, IsMessage(*field) ? "; " : ", ");
  const int count = CountOf(message, *field);
  return count == 0 ? "" : ValueAt(PartOf(message, *field, count - 1), names[1]);
}

std::string TableOf(const Message& message, const FieldDescriptor& list,
                    const std::vector<std::string>& columns) {
  std::vector<std::vector<std::string>> rows(1);
  for (const std::string& column : columns) {
    rows[0].push_back(absl::AsciiStrToUpper(LabelOf(*FieldAt(*list.message_type(), column))));
  }
  for (int i = 0; i < CountOf(message, list); ++i) {
    rows.emplace_back();
    for (const std::string& column : columns) {
      rows.back().push_back(ValueAt(PartOf(message, list, i), column));
    }
  }
  return TextTable(rows);
}

std::vector<std::string> FlatFieldsOf(const Descriptor& type) {
  std::vector<std::string> names;
  for (const FieldDescriptor* field : FieldsOf(type)) {
    if (!IsMessage(*field)) names.push_back(field->name());
  }
  return names;
}

std::string Indented(const std::string& text) {
  return text.empty()
             ? ""
             : "  " + absl::StrReplaceAll(text.substr(0, text.size() - 1), {{"\n", "\n  "}}) + "\n";
}

std::size_t WidthOf(const std::string& table) {
  std::size_t width = 0;
  for (const auto line : absl::StrSplit(table, '\n')) width = std::max(width, line.size());
  return width;
}

// A line for each field; longer parts below their names, as a table where they are flat and it is
// not too wide, else one below the other.
std::string BlockOf(const Message& message, const FieldDescriptor* but = nullptr) {
  std::vector<std::pair<std::string, std::string>> lines;
  for (const FieldDescriptor* field : FieldsOf(*message.GetDescriptor())) {
    const std::string label = LabelOf(*field);
    if (field == but || CountOf(message, *field) == 0) continue;
    if (!IsMessage(*field)) {
      const bool texts = field->cpp_type() == FieldDescriptor::CPPTYPE_STRING;
      lines.emplace_back(label, ValuesOf(message, *field, texts ? "\n" : ", "));
      continue;
    }
    const std::vector<std::string> flat = FlatFieldsOf(*field->message_type());
    if (field->is_repeated() && flat.size() == FieldsOf(*field->message_type()).size()) {
      const std::string table = TableOf(message, *field, flat);
      if (WidthOf(table) <= kTableWidthMax) {
        lines.emplace_back(label, "\n" + Indented(table));
        continue;
      }
    }
    for (int i = 0; i < CountOf(message, *field); ++i) {
      const std::string block = BlockOf(PartOf(message, *field, i));
      if (!block.empty()) lines.emplace_back(label, "\n" + Indented(block));
    }
  }
  return Labelled(lines);
}

// "security file s1", and what is in it.
std::string ResourceAsText(const Message& resource) {
  const FieldDescriptor* id = resource.GetDescriptor()->field(0);
  const bool named = absl::EndsWith(id->name(), "_id");
  return absl::StrCat(WordsOfType(*resource.GetDescriptor()), named ? " " : "",
                      named ? ValueOf(resource, *id, 0) : "", "\n",
                      BlockOf(resource, named ? id : nullptr));
}

// A page of a list.
std::string ListAsText(const Message& reply, const FieldDescriptor& list) {
  if (CountOf(reply, list) == 0) return "none\n";
  std::vector<std::string> columns = ColumnsOf(*list.message_type());
  if (columns.empty()) columns = FlatFieldsOf(*list.message_type());
  const bool more = !ValueAt(reply, "next_page_token").empty();
  return absl::StrCat(TableOf(reply, list, columns), more ? "  … and more\n" : "");
}

}  // namespace

std::string AsJson(const Message& message) { return Json(message, true); }

std::string AsJsonLine(const Message& message) { return Json(message, false) + "\n"; }

std::string Moment(const Timestamp& time) {
  return absl::FormatTime("%Y-%m-%d %H:%M UTC", exchange::FromProto(time), absl::UTCTimeZone());
}

std::string Labelled(const std::vector<std::pair<std::string, std::string>>& lines) {
  std::size_t width = kHeadWidth;
  const auto is_block = [](const std::string& value) { return absl::StartsWith(value, "\n"); };
  for (const auto& [label, value] : lines) {
    if (!value.empty() && !is_block(value)) width = std::max(width, label.size() + 2);
  }
  std::string text;
  for (const auto& [label, value] : lines) {
    if (value.empty()) continue;
    if (is_block(value)) {
      absl::StrAppend(&text, "  ", label, value);
      continue;
    }
    const std::string under = "\n" + std::string(width + 2, ' ');
    absl::StrAppend(&text, "  ", label, std::string(width - label.size(), ' '),
                    absl::StrReplaceAll(value, {{"\n", under}}), "\n");
  }
  return text;
}

std::string AsText(const Message& reply) {
  if (const auto account = AccountAsText(reply)) return *account;
  const Descriptor& type = *reply.GetDescriptor();
  for (int i = 0; i < type.field_count(); ++i) {
    const FieldDescriptor& field = *type.field(i);
    if (!IsMessage(field)) continue;
    if (field.is_repeated() && type.FindFieldByName("next_page_token") != nullptr) {
      return ListAsText(reply, field);
    }
    if (!field.is_repeated() && type.field_count() == 1)
      return ResourceAsText(PartOf(reply, field, 0));
  }
  const std::string text = BlockOf(reply);
  return text.empty() ? "done\n" : text;
}

std::string ChangeAsText(const Message& message) {
  const auto* reflection = message.GetReflection();
  const FieldDescriptor* change = reflection->GetOneofFieldDescriptor(
      message, message.GetDescriptor()->FindOneofByName("change"));
  if (change == nullptr) return AsJson(message);
  if (change->message_type() != nullptr) {
    return ResourceAsText(reflection->GetMessage(message, change)) + "\n";
  }
  if (change->name() == "gone") return "gone " + ValueOf(message, *change, 0) + "\n\n";
  return reflection->GetEnumValue(message, change) == watch::v1::MARKER_CAUGHT_UP
             ? "-- all there is; changes follow as they happen\n\n"
             : "-- all there is follows; what is not in it is gone\n\n";
}

}  // namespace exitbus::exitctl
