// A typed value into a field of a message.
#pragma once

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"

namespace google::protobuf {
class Descriptor;
class FieldDescriptor;
class Message;
}  // namespace google::protobuf

namespace exitbus::exitctl {

// "2026-03-01" (midnight UTC), RFC 3339 with its offset, "now", "+2h", "-30m".
// INVALID_ARGUMENT: none of these.
absl::StatusOr<absl::Time> TimeOf(const std::string& text, absl::Time now);

// Sets the field at `path` ("person.name"), of `message`; a repeated one gets one more, or several
// where its values are names and `text` has commas. A message is "field=value,field=value". A path
// without a field is a programmer's error and aborts. INVALID_ARGUMENT: says what is understood.
absl::Status SetField(google::protobuf::Message& message, const std::string& path,
                      const std::string& text, absl::Time now);

// The field at `path`; null if there is none.
const google::protobuf::FieldDescriptor* FieldAt(const google::protobuf::Descriptor& type,
                                                 const std::string& path);

// What may be typed for the field, e.g. "release, relocation, custody"; empty: any text.
std::string Understood(const google::protobuf::FieldDescriptor& field);

}  // namespace exitbus::exitctl
