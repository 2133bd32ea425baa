#include "services/exchange/instants.h"

#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>

#include <vector>

#include "exitbus/policy/v1/policy.pb.h"
#include "services/exchange/proto_time.h"
#include "services/exchange/working_days.h"

namespace exitbus::exchange {
namespace {

namespace pv1 = policy::v1;
using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Timestamp;

enum class Grain { kExact, kMinute, kDay };

// Those who answer for a case, or are to, need instants as they are: deadlines, evidence and
// consents hang on them. A police unit acts within the hour. NEC and the contact point count days.
Grain GrainOf(pv1::Reader reader) {
  switch (reader) {
    case pv1::READER_MUNICIPALITY:
    case pv1::READER_KRIMINALFORSORGEN:
    case pv1::READER_RECEIVER:
    case pv1::READER_FORMER:
      return Grain::kExact;
    case pv1::READER_POLICE:
    case pv1::READER_RECEIVING_POLICE:
      return Grain::kMinute;
    default:
      return Grain::kDay;
  }
}

absl::Time Rounded(Grain grain, absl::Time time) {
  switch (grain) {
    case Grain::kExact:
      return time;
    case Grain::kMinute:
      return absl::UnixEpoch() + absl::Floor(time - absl::UnixEpoch(), absl::Minutes(1));
    case Grain::kDay:
      return StartOfDay(time);
  }
  return time;
}

void RoundAll(Message& message, Grain grain);

void RoundOne(Message& message, Grain grain) {
  if (message.GetDescriptor()->well_known_type() != Descriptor::WELLKNOWNTYPE_TIMESTAMP) {
    return RoundAll(message, grain);
  }
  auto& instant = static_cast<Timestamp&>(message);
  instant = ToProto(Rounded(grain, FromProto(instant)));
}

void RoundAll(Message& message, Grain grain) {
  if (grain == Grain::kExact) return;
  const auto* reflection = message.GetReflection();
  std::vector<const FieldDescriptor*> set;
  reflection->ListFields(message, &set);
  for (const FieldDescriptor* field : set) {
    if (field->cpp_type() != FieldDescriptor::CPPTYPE_MESSAGE) continue;
    if (!field->is_repeated()) {
      RoundOne(*reflection->MutableMessage(&message, field), grain);
      continue;
    }
    for (int i = 0; i < reflection->FieldSize(message, field); ++i) {
      RoundOne(*reflection->MutableRepeatedMessage(&message, field, i), grain);
    }
  }
}

}  // namespace

absl::Time RoundedFor(pv1::Reader reader, absl::Time time) {
  return Rounded(GrainOf(reader), time);
}

void RoundInstants(Message& message, pv1::Reader reader) { RoundAll(message, GrainOf(reader)); }

void RoundToDays(Message& message) { RoundAll(message, Grain::kDay); }

}  // namespace exitbus::exchange
