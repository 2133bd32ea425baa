// Replies as people read them.
#pragma once

#include <string>

namespace google::protobuf {
class Message;
}

namespace exitbus::exitctl {

// JSON with the contracts' own field names.
std::string AsJson(const google::protobuf::Message& message);

// A case, a handover, an overview entry, a list of these, or who was responsible; JSON for another
// reply. Times in UTC.
std::string AsText(const google::protobuf::Message& reply);

}  // namespace exitbus::exitctl
