// How exactly a reader is told when something happened: an instant to the nanosecond, told to two
// readers who may not join what they know of a case, would join it.
#pragma once

#include "absl/time/time.h"

namespace google::protobuf {
class Message;
}

namespace exitbus::policy::v1 {
enum Reader : int;
}

namespace exitbus::exchange {

// `time` as exactly as a letter tells this reader: to the minute, the Danish day, or as it is.
// Never later.
absl::Time RoundedFor(policy::v1::Reader reader, absl::Time time);

// The same with every instant in a message.
void RoundInstants(google::protobuf::Message& message, policy::v1::Reader reader);
// To the Danish day, whoever reads it.
void RoundToDays(google::protobuf::Message& message);

}  // namespace exitbus::exchange
