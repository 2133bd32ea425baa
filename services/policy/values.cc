#include "services/policy/values.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <set>
#include <string_view>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/civil_time.h"
#include "exitbus/policy/v1/value.pb.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/duration.pb.h"
#include "google/protobuf/message.h"
#include "google/protobuf/timestamp.pb.h"
#include "services/policy/cpr_number.h"
#include "services/policy/text.h"

namespace exitbus::policy {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

// What a field takes that says nothing else. Generous: rules of the field are stricter where it
// matters, and speak first by being narrower.
constexpr std::size_t kTextBytesMax = 10'000;
constexpr std::size_t kIdBytesMax = 64;
constexpr std::size_t kBytesMax = 64 * 1024;
constexpr int kItemsMax = 200;
// What can be counted on from, and JSON says exactly.
constexpr std::uint64_t kNumberMax = (std::uint64_t{1} << 53) - 1;
constexpr std::int64_t kNanosMax = 999'999'999;
constexpr std::int64_t kTenThousandYears = std::int64_t{10'000} * 366 * 24 * 3600;

std::int64_t SecondsAt(int year) {
  static constexpr std::int64_t kDay = 24 * 3600;
  return (absl::CivilDay(year, 1, 1) - absl::CivilDay(1970, 1, 1)) * kDay;
}

// 0001 to 9999 is what can be written at all.
std::string FaultInTime(const Message& message, v1::Time when) {
  const bool of_programme = when == v1::TIME_PROGRAMME;
  const int first = of_programme ? 2011 : 1900;
  const int last = of_programme ? 2099 : 2199;
  const auto& time = static_cast<const google::protobuf::Timestamp&>(message);
  if (time.nanos() < 0 || time.nanos() > kNanosMax) return "has no such fraction of a second";
  return time.seconds() < SecondsAt(first) || time.seconds() >= SecondsAt(last + 1)
             ? absl::StrCat("is not in the years ", first, " to ", last)
             : "";
}

std::string FaultInSpan(const Message& message) {
  const auto& span = static_cast<const google::protobuf::Duration&>(message);
  const bool one_sign =
      span.seconds() == 0 || span.nanos() == 0 || (span.seconds() < 0) == (span.nanos() < 0);
  return one_sign && std::abs(std::int64_t{span.nanos()}) <= kNanosMax &&
                 span.seconds() >= -kTenThousandYears && span.seconds() <= kTenThousandYears
             ? ""
             : "is no span of time";
}

v1::Text KindOf(const FieldDescriptor& field, const v1::ValuePolicy& policy) {
  if (policy.text() != v1::TEXT_UNSPECIFIED) return policy.text();
  const bool names = absl::EndsWith(field.name(), "_id") || absl::EndsWith(field.name(), "_ids");
  return names ? v1::TEXT_ID : v1::TEXT_LINES;
}

std::string FaultInString(const FieldDescriptor& field, const std::string& value) {
  const v1::ValuePolicy& policy = field.options().GetExtension(v1::value);
  const std::size_t most = policy.bytes_max();
  if (field.type() == FieldDescriptor::TYPE_BYTES) {
    return value.size() > (most > 0 ? most : kBytesMax) ? "is too long" : "";
  }
  switch (KindOf(field, policy)) {
    case v1::TEXT_ID:
      return std::string(FaultInId(value, most > 0 ? most : kIdBytesMax));
    case v1::TEXT_CPR_NUMBER:
      return value.empty() || IsCprNumber(value) ? "" : "is no CPR number, ten digits DDMMYYSSSS";
    case v1::TEXT_LINE:
      return std::string(FaultInText(value, {most > 0 ? most : kTextBytesMax, false}));
    default:
      return std::string(FaultInText(value, {most > 0 ? most : kTextBytesMax, true}));
  }
}

std::string FaultInNumber(const FieldDescriptor& field, std::uint64_t magnitude) {
  const std::uint64_t most = field.options().GetExtension(v1::value).number_max();
  return magnitude > (most > 0 ? most : kNumberMax) ? "is too large" : "";
}

std::uint64_t MagnitudeOf(std::int64_t number) {
  return number < 0 ? 0 - static_cast<std::uint64_t>(number) : static_cast<std::uint64_t>(number);
}

// A field of one message, or one item of it where it is repeated.
class Value {
 public:
  Value(const Message& message, const FieldDescriptor& field, int index)
      : message_(message), reflection_(*message.GetReflection()), field_(field), index_(index) {}

  const Message& AsMessage() const {
    return field_.is_repeated() ? reflection_.GetRepeatedMessage(message_, &field_, index_)
                                : reflection_.GetMessage(message_, &field_);
  }
  int AsEnum() const {
    return field_.is_repeated() ? reflection_.GetRepeatedEnumValue(message_, &field_, index_)
                                : reflection_.GetEnumValue(message_, &field_);
  }
  std::string Fault() const;

 private:
  template <class T>
  T As(T (google::protobuf::Reflection::*one)(const Message&, const FieldDescriptor*) const,
       T (google::protobuf::Reflection::*item)(const Message&, const FieldDescriptor*, int)
           const) const {
    return field_.is_repeated() ? (reflection_.*item)(message_, &field_, index_)
                                : (reflection_.*one)(message_, &field_);
  }

  const Message& message_;
  const google::protobuf::Reflection& reflection_;
  const FieldDescriptor& field_;
  const int index_;
};

std::string Value::Fault() const {
  using google::protobuf::Reflection;
  switch (field_.cpp_type()) {
    case FieldDescriptor::CPPTYPE_STRING:
      return FaultInString(field_, As(&Reflection::GetString, &Reflection::GetRepeatedString));
    case FieldDescriptor::CPPTYPE_ENUM:
      return field_.enum_type()->FindValueByNumber(AsEnum()) == nullptr ? "is none of the values"
                                                                        : "";
    case FieldDescriptor::CPPTYPE_UINT32:
      return FaultInNumber(field_, As(&Reflection::GetUInt32, &Reflection::GetRepeatedUInt32));
    case FieldDescriptor::CPPTYPE_UINT64:
      return FaultInNumber(field_, As(&Reflection::GetUInt64, &Reflection::GetRepeatedUInt64));
    case FieldDescriptor::CPPTYPE_INT32:
      return FaultInNumber(field_,
                           MagnitudeOf(As(&Reflection::GetInt32, &Reflection::GetRepeatedInt32)));
    case FieldDescriptor::CPPTYPE_INT64:
      return FaultInNumber(field_,
                           MagnitudeOf(As(&Reflection::GetInt64, &Reflection::GetRepeatedInt64)));
    case FieldDescriptor::CPPTYPE_DOUBLE:
      return std::isfinite(As(&Reflection::GetDouble, &Reflection::GetRepeatedDouble))
                 ? ""
                 : "is no number";
    case FieldDescriptor::CPPTYPE_FLOAT:
      return std::isfinite(As(&Reflection::GetFloat, &Reflection::GetRepeatedFloat))
                 ? ""
                 : "is no number";
    case FieldDescriptor::CPPTYPE_BOOL:
    case FieldDescriptor::CPPTYPE_MESSAGE:
      return "";
  }
  return "";
}

// What must not be there twice in a list: an enum's value, or what `unique` names of a message.
// Empty: it may.
std::string Mark(const FieldDescriptor& field, const Value& value) {
  if (field.cpp_type() == FieldDescriptor::CPPTYPE_ENUM) return absl::StrCat(value.AsEnum());
  const std::string& unique = field.options().GetExtension(v1::value).unique();
  if (unique.empty()) return "";
  const Message& item = value.AsMessage();
  return item.GetReflection()->GetString(item, item.GetDescriptor()->FindFieldByName(unique));
}

std::optional<Fault> Below(const std::string& name, const FieldDescriptor& field,
                           const Message& message) {
  if (message.GetDescriptor() == google::protobuf::Timestamp::descriptor()) {
    std::string what = FaultInTime(message, field.options().GetExtension(v1::value).time());
    return what.empty() ? std::nullopt : std::optional(Fault{name, std::move(what)});
  }
  if (message.GetDescriptor() == google::protobuf::Duration::descriptor()) {
    std::string what = FaultInSpan(message);
    return what.empty() ? std::nullopt : std::optional(Fault{name, std::move(what)});
  }
  auto fault = FaultIn(message);
  if (fault) fault->path = absl::StrCat(name, ".", fault->path);
  return fault;
}

std::optional<Fault> FaultInField(const Message& message, const FieldDescriptor& field) {
  const int items = field.is_repeated() ? message.GetReflection()->FieldSize(message, &field) : 1;
  const int most = static_cast<int>(field.options().GetExtension(v1::value).items_max());
  if (items > (most > 0 ? most : kItemsMax)) return Fault{field.name(), "has too many items"};
  std::set<std::string> marks;
  for (int i = 0; i < items; ++i) {
    const std::string name =
        field.is_repeated() ? absl::StrCat(field.name(), "[", i, "]") : field.name();
    const Value value(message, field, i);
    if (std::string what = value.Fault(); !what.empty()) return Fault{name, std::move(what)};
    if (field.is_repeated()) {
      const std::string mark = Mark(field, value);
      if (!mark.empty() && !marks.insert(mark).second) return Fault{name, "is there twice"};
    }
    if (field.cpp_type() != FieldDescriptor::CPPTYPE_MESSAGE) continue;
    if (auto fault = Below(name, field, value.AsMessage())) return fault;
  }
  return std::nullopt;
}

}  // namespace

std::optional<Fault> FaultIn(const Message& message) {
  std::vector<const FieldDescriptor*> fields;
  message.GetReflection()->ListFields(message, &fields);
  for (const FieldDescriptor* field : fields) {
    if (auto fault = FaultInField(message, *field)) return fault;
  }
  return std::nullopt;
}

std::string WordsOf(const Fault& fault) {
  return absl::StrCat("Correct ", fault.path, ": it ", fault.what, ".");
}

}  // namespace exitbus::policy
