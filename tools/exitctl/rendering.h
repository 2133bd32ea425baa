// Answers as people read them.
#pragma once

#include <string>
#include <utility>
#include <vector>

namespace google::protobuf {
class Message;
class Timestamp;
}  // namespace google::protobuf

namespace exitbus::exitctl {

// JSON with the contracts' own field names.
std::string AsJson(const google::protobuf::Message& message);
std::string AsJsonLine(const google::protobuf::Message& message);

// Any message, from its descriptor: a line for each field that is set, a table for a list. Only the
// account of who saw what has its own words. Times in UTC. Texts steer no terminal.
std::string AsText(const google::protobuf::Message& reply);

// A message of a watch: the resource as it is now, which one is gone, or where the stream stands.
std::string ChangeAsText(const google::protobuf::Message& message);

// "2026-03-01 09:00 UTC".
std::string Moment(const google::protobuf::Timestamp& time);

// "  person        Anna"; nothing where there is no text. A text of several lines stays under
// itself; one that begins with a line end is a block below its label.
std::string Labelled(const std::vector<std::pair<std::string, std::string>>& lines);

}  // namespace exitbus::exitctl
