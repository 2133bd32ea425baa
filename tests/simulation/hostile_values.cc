#include "tests/simulation/hostile_values.h"

#include <google/protobuf/descriptor.h>
#include <google/protobuf/timestamp.pb.h>

#include <algorithm>
#include <cstdlib>
#include <functional>
#include <limits>
#include <utility>

#include "absl/strings/str_cat.h"
#include "exitbus/policy/v1/value.pb.h"

namespace exitbus::simulation {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Timestamp;

// From the whole message to the one that has the field, which is made on the route.
using Reach = std::function<Message&(Message& whole)>;

constexpr int kDeepest = 8;
// Where a field says nothing else.
constexpr std::size_t kEndless = 70'000;

const std::vector<std::pair<const char*, std::string>> kTexts = {
    {"no UTF-8", "\xff"},
    {"Latin-1", "S\xf8rensen"},
    {"overlong", "\xc0\xaf"},
    {"a surrogate", "\xed\xa0\x80"},
    {"a NUL", std::string("a\0b", 3)},
    {"a control sequence", "a\x1b[2J"},
    {"a C1 control", "a\u009b"},
    {"turned about", "a\u202e"},
    {"blanks", "  "},
    {"no width", "\u200b\ufeff"},
    {"endless", std::string(kEndless, 'x')}};

class Walker {
 public:
  explicit Walker(const Message& base) : base_(base) {}

  std::vector<Hostile> Walk() {
    Below(
        *base_.GetDescriptor(), "", [](Message& whole) -> Message& { return whole; }, 0);
    return std::move(found_);
  }

 private:
  void Below(const Descriptor& type, const std::string& path, const Reach& reach, int depth) {
    if (depth > kDeepest) std::abort();  // a contract that holds itself: bound it here
    for (int i = 0; i < type.field_count(); ++i) {
      const FieldDescriptor& field = *type.field(i);
      if (depth == 0 && IsOtherMember(field)) continue;
      Try(field, path.empty() ? field.name() : absl::StrCat(path, ".", field.name()), reach, depth);
    }
  }

  bool IsOtherMember(const FieldDescriptor& field) const {
    const auto* oneof = field.real_containing_oneof();
    const auto* set =
        oneof == nullptr ? nullptr : base_.GetReflection()->GetOneofFieldDescriptor(base_, oneof);
    return set != nullptr && set != &field;
  }

  void Add(const std::string& what, const std::function<void(Message& whole)>& spoil) {
    std::shared_ptr<Message> message(base_.New());
    message->CopyFrom(base_);
    spoil(*message);
    found_.push_back({what, std::move(message)});
  }

  void Try(const FieldDescriptor& field, const std::string& path, const Reach& reach, int depth) {
    if (field.cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE) {
      return TryMessage(field, path, reach, depth);
    }
    if (field.is_repeated()) TryMany(field, path, reach);
    if (field.type() == FieldDescriptor::TYPE_STRING) {
      for (const auto& [name, text] : kTexts) {
        Add(absl::StrCat(path, ": ", name),
            [&](Message& whole) { Set(reach(whole), field, text); });
      }
    } else if (field.type() == FieldDescriptor::TYPE_BYTES) {
      const std::size_t most = field.options().GetExtension(policy::v1::value).bytes_max();
      Add(absl::StrCat(path, ": endless"), [&, most](Message& whole) {
        Set(reach(whole), field, std::string(std::max(kEndless, most + 1), 'x'));
      });
    } else if (field.cpp_type() == FieldDescriptor::CPPTYPE_ENUM) {
      for (const int value : {999, -1, std::numeric_limits<int>::max()}) {
        Add(absl::StrCat(path, ": ", value), [&](Message& whole) {
          Message& at = reach(whole);
          field.is_repeated() ? at.GetReflection()->AddEnumValue(&at, &field, value)
                              : at.GetReflection()->SetEnumValue(&at, &field, value);
        });
      }
    } else if (field.cpp_type() == FieldDescriptor::CPPTYPE_UINT64) {
      Add(absl::StrCat(path, ": 2^64 - 1"), [&](Message& whole) {
        Message& at = reach(whole);
        at.GetReflection()->SetUInt64(&at, &field, std::numeric_limits<std::uint64_t>::max());
      });
    } else if (const auto most = field.options().GetExtension(policy::v1::value).number_max();
               most > 0 && most < std::numeric_limits<std::uint32_t>::max()) {
      Add(absl::StrCat(path, ": 2^32 - 1"), [&](Message& whole) {
        Message& at = reach(whole);
        constexpr auto kMost = std::numeric_limits<std::uint32_t>::max();
        field.is_repeated() ? at.GetReflection()->AddUInt32(&at, &field, kMost)
                            : at.GetReflection()->SetUInt32(&at, &field, kMost);
      });
    }
  }

  static void Set(Message& at, const FieldDescriptor& field, const std::string& value) {
    field.is_repeated() ? at.GetReflection()->AddString(&at, &field, value)
                        : at.GetReflection()->SetString(&at, &field, value);
  }

  // More than there may be, and an enum's value twice.
  void TryMany(const FieldDescriptor& field, const std::string& path, const Reach& reach) {
    constexpr int kMany = 3000;
    const bool is_enum = field.cpp_type() == FieldDescriptor::CPPTYPE_ENUM;
    if (is_enum) {
      Add(absl::StrCat(path, ": twice"), [&](Message& whole) {
        Message& at = reach(whole);
        for (int i = 0; i < 2; ++i) at.GetReflection()->AddEnumValue(&at, &field, 1);
      });
    }
    Add(absl::StrCat(path, ": too many"), [&](Message& whole) {
      Message& at = reach(whole);
      for (int i = 0; i < kMany; ++i) {
        if (is_enum) {
          at.GetReflection()->AddEnumValue(&at, &field, 1);
        } else if (field.cpp_type() == FieldDescriptor::CPPTYPE_UINT32) {
          at.GetReflection()->AddUInt32(&at, &field, 1);
        } else {
          at.GetReflection()->AddString(&at, &field, "x");
        }
      }
    });
  }

  void TryMessage(const FieldDescriptor& field, const std::string& path, const Reach& reach,
                  int depth) {
    const Reach inner = [reach, &field](Message& whole) -> Message& {
      Message& at = reach(whole);
      return field.is_repeated() ? *at.GetReflection()->AddMessage(&at, &field)
                                 : *at.GetReflection()->MutableMessage(&at, &field);
    };
    if (field.message_type() == Timestamp::descriptor()) {
      constexpr std::int64_t kYear10000 = 253'402'300'800;
      for (const auto& [seconds, nanos] :
           std::vector<std::pair<std::int64_t, int>>{{std::numeric_limits<std::int64_t>::max(), 0},
                                                     {std::numeric_limits<std::int64_t>::min(), 0},
                                                     {kYear10000, 0},
                                                     {-62'135'596'801, 0},
                                                     {0, -1},
                                                     {0, 1'000'000'000}}) {
        Add(absl::StrCat(path, ": ", seconds, " s ", nanos, " ns"), [&](Message& whole) {
          auto& time = static_cast<Timestamp&>(inner(whole));
          time.set_seconds(seconds);
          time.set_nanos(nanos);
        });
      }
      return;
    }
    const std::string& unique = field.options().GetExtension(policy::v1::value).unique();
    if (!unique.empty()) {
      Add(absl::StrCat(path, ": one id twice"), [&](Message& whole) {
        for (int i = 0; i < 2; ++i) {
          Message& item = inner(whole);
          Set(item, *item.GetDescriptor()->FindFieldByName(unique), "the-same");
        }
      });
    }
    Below(*field.message_type(), path, inner, depth + 1);
  }

  const Message& base_;
  std::vector<Hostile> found_;
};

}  // namespace

std::vector<Hostile> HostileTo(const Message& base) { return Walker(base).Walk(); }

}  // namespace exitbus::simulation
