// Replies as people read them.
#pragma once

#include <string>

namespace google::protobuf {
class Message;
}

namespace exitbus::exitctl {

// JSON with the contracts' own field names.
std::string AsJson(const google::protobuf::Message& message);
std::string AsJsonLine(const google::protobuf::Message& message);

// A case, a handover, an overview entry, a list of these, an account, or who was responsible; JSON
// for another reply. Times in UTC.
std::string AsText(const google::protobuf::Message& reply);

// A message of a watch: the resource as it is now, which one is gone, or where the stream stands.
std::string ChangeAsText(const google::protobuf::Message& message);

}  // namespace exitbus::exitctl
