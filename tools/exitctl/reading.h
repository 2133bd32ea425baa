// Names of the contracts in the words that are read; and where a caseworker reads something else.
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace google::protobuf {
class Descriptor;
class EnumDescriptor;
class FieldDescriptor;
class Message;
}  // namespace google::protobuf

namespace exitbus::exitctl {

// Those of the type in the order in which they are read.
std::vector<const google::protobuf::FieldDescriptor*> FieldsOf(
    const google::protobuf::Descriptor& type);

// "planned release", "case" for its id.
std::string LabelOf(const google::protobuf::FieldDescriptor& field);

// "security file".
std::string WordsOfType(const google::protobuf::Descriptor& type);

// "no housing"; empty: unspecified. A value newer than this program is its number.
std::string WordsOf(const google::protobuf::EnumDescriptor& type, int value);

// "yes", or what it means.
std::string WordsOfTrue(const google::protobuf::FieldDescriptor& field);

// What follows from other fields of the message; nullopt: nothing does.
std::optional<std::string> ComputedOf(const google::protobuf::Message& message,
                                      const google::protobuf::FieldDescriptor& field);

// The paths that a list of these shows; empty: its fields.
std::vector<std::string> ColumnsOf(const google::protobuf::Descriptor& type);

}  // namespace exitbus::exitctl
