#include "tests/separation/joins.h"

#include <gtest/gtest.h>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "exitbus/exchange/v1/body.pb.h"
#include "services/exchange/proto_time.h"
#include "services/exchange/working_days.h"
#include "services/policy/fields.h"

namespace exitbus::story {
namespace {

namespace pv1 = policy::v1;
using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

constexpr std::size_t kTellingBytes = 6;  // shorter ones are alike by chance

bool IsOfThePerson(const FieldDescriptor& field) {
  const pv1::FieldPolicy* policy = policy::FieldPolicyOf(field);
  return policy != nullptr &&
         (policy->category() == pv1::CATEGORY_CPR_NUMBER ||
          policy->category() == pv1::CATEGORY_NAME || policy->category() == pv1::CATEGORY_ADDRESS);
}

}  // namespace

void Joins::Add(const std::string& reader, const exchange::v1::Letter& letter) {
  exchange::v1::Link link;
  ASSERT_TRUE(link.ParseFromString(letter.link()));
  AddFields(reader, link);
  if (!letter.has_content()) return;
  AddValue(reader, letter.content().salt(), "salt");
  exchange::v1::Body body;
  ASSERT_TRUE(body.ParseFromString(letter.content().body()));
  AddFields(reader, body);
}

void Joins::AddFields(const std::string& reader, const Message& message) {
  const auto* reflection = message.GetReflection();
  std::vector<const FieldDescriptor*> set;
  reflection->ListFields(message, &set);
  for (const FieldDescriptor* field : set) {
    const int count = field->is_repeated() ? reflection->FieldSize(message, field) : 1;
    for (int i = 0; i < count; ++i) {
      if (field->cpp_type() == FieldDescriptor::CPPTYPE_STRING && !IsOfThePerson(*field)) {
        AddValue(reader,
                 field->is_repeated() ? reflection->GetRepeatedString(message, field, i)
                                      : reflection->GetString(message, field),
                 field->full_name());
      }
      if (field->cpp_type() != FieldDescriptor::CPPTYPE_MESSAGE) continue;
      const Message& nested = field->is_repeated()
                                  ? reflection->GetRepeatedMessage(message, field, i)
                                  : reflection->GetMessage(message, field);
      if (nested.GetDescriptor()->well_known_type() != Descriptor::WELLKNOWNTYPE_TIMESTAMP) {
        AddFields(reader, nested);
        continue;
      }
      const absl::Time instant =
          exchange::FromProto(static_cast<const google::protobuf::Timestamp&>(nested));
      // A day that two are told is nobody's own.
      if (instant == exchange::StartOfDay(instant)) continue;
      AddValue(reader, absl::StrCat("instant ", absl::ToUnixNanos(instant)), field->full_name());
    }
  }
}

void Joins::AddValue(const std::string& reader, const std::string& value,
                     const std::string& where) {
  if (value.size() < kTellingBytes || known_.contains(value)) return;
  const auto [place, fresh] = seen_.emplace(value, Place{reader, where});
  if (fresh || place->second.reader == reader) return;
  found_.push_back(absl::StrCat(reader, " ", where, " = ", place->second.reader, " ",
                                place->second.where, ": ", absl::CHexEscape(value)));
}

}  // namespace exitbus::story
