#include "tests/upgrade/difference.h"

#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>
#include <google/protobuf/util/message_differencer.h>

#include <algorithm>
#include <memory>
#include <optional>
#include <string_view>

#include "tests/upgrade/released_contracts.h"

namespace exitbus::upgrade {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::util::MessageDifferencer;

enum class May {
  kDiffer,
  kBeShownNow,  // what the release withheld
  kGrow,        // a list, at its end
};

// What differs on purpose: a field's name, or its whole name where it is one alone.
struct Decided {
  std::string_view field;
  May may;
};
constexpr Decided kDecided[] = {
    {"etag", May::kDiffer},      // of all that is shown, and that is more
    {"withheld", May::kDiffer},  // names categories that there were not
    {"times", May::kDiffer},     // of an account, where each read is counted, this one too
    {"last", May::kDiffer},
    {"exitbus.casework.v1.GetAccountResponse.entries", May::kGrow},
    {"exitbus.nec.v1.GetAccountResponse.entries", May::kGrow},
    {"exitbus.police.v1.GetAccountResponse.entries", May::kGrow},
    // Kriminalforsorgen reads its own part: docs/decisions/0040.
    {"exitbus.casework.v1.Case.current_address", May::kBeShownNow},
    {"exitbus.casework.v1.Visitation.motivation", May::kBeShownNow},
};

std::optional<May> DecidedOf(const FieldDescriptor& field) {
  for (const Decided& decided : kDecided) {
    if (decided.field == field.name() || decided.field == field.full_name()) return decided.may;
  }
  return std::nullopt;
}

void LeaveOut(May may, const FieldDescriptor& field, Message& then, Message& now) {
  const auto* reflection = then.GetReflection();
  switch (may) {
    case May::kDiffer:
      reflection->ClearField(&then, &field);
      reflection->ClearField(&now, &field);
      return;
    case May::kBeShownNow:
      if (!reflection->HasField(then, &field)) reflection->ClearField(&now, &field);
      return;
    case May::kGrow:
      while (reflection->FieldSize(now, &field) > reflection->FieldSize(then, &field)) {
        reflection->RemoveLast(&now, &field);
      }
      return;
  }
}

void LeaveComparable(Message& then, Message& now) {
  const auto* reflection = then.GetReflection();
  const auto* descriptor = then.GetDescriptor();
  for (int i = 0; i < descriptor->field_count(); ++i) {
    const FieldDescriptor* field = descriptor->field(i);
    if (const auto may = DecidedOf(*field)) LeaveOut(*may, *field, then, now);
    if (field->message_type() == nullptr) continue;
    if (field->is_repeated()) {
      const int both =
          std::min(reflection->FieldSize(then, field), reflection->FieldSize(now, field));
      for (int item = 0; item < both; ++item) {
        LeaveComparable(*reflection->MutableRepeatedMessage(&then, field, item),
                        *reflection->MutableRepeatedMessage(&now, field, item));
      }
    } else if (reflection->HasField(then, field) && reflection->HasField(now, field)) {
      LeaveComparable(*reflection->MutableMessage(&then, field),
                      *reflection->MutableMessage(&now, field));
    }
  }
}

}  // namespace

std::string Difference(const ReleasedContracts& contracts, const Message& then,
                       const Message& now) {
  const std::unique_ptr<Message> said(then.New());
  const std::unique_ptr<Message> says(now.New());
  said->CopyFrom(then);
  says->CopyFrom(now);
  if (const absl::Status known = contracts.LeaveKnown(*says); !known.ok()) {
    return known.ToString();
  }
  LeaveComparable(*said, *says);
  MessageDifferencer differencer;
  std::string difference;
  differencer.ReportDifferencesToString(&difference);
  return differencer.Compare(*said, *says) ? "" : difference;
}

}  // namespace exitbus::upgrade
