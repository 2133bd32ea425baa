// Messages with every field set.
#pragma once

#include <map>
#include <string>

namespace google::protobuf {
class Descriptor;
class FieldDescriptor;
class Message;
}  // namespace google::protobuf

namespace exitbus::tables {

// One way to fill a message: of each oneof the member `choice` (modulo), so that all get their
// turn. `leaves`: what was set, by its path. Texts begin with "planted".
void Fill(google::protobuf::Message& message, int choice, const std::string& path,
          std::map<std::string, const google::protobuf::FieldDescriptor*>& leaves);

// How many routes to fill one of this type give every member its turn.
int Choices(const google::protobuf::Descriptor& type);

}  // namespace exitbus::tables
