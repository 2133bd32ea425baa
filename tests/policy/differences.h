// What a policy says otherwise than the tables. Each answers with the first difference in words, or
// nothing if there is none.
#pragma once

#include <string>

#include "exitbus/policy/v1/policy.pb.h"

namespace google::protobuf {
class Descriptor;
class FieldDescriptor;
class MethodDescriptor;
}  // namespace google::protobuf

namespace exitbus::policy {
class Rules;
}

namespace exitbus::tables {

// One row of the matrix of categories: every reader, detail and set of conditions.
std::string CategoryDifference(const policy::Rules& rules, policy::v1::Category category);
// How much of this category each level lets through.
std::string LevelDifference(const policy::Rules& rules, policy::v1::Category category);
// Every pair of parties there can be: whether, how, over which channel it is sent.
std::string FlowDifference(const google::protobuf::Descriptor& message);
std::string FieldDifference(const google::protobuf::FieldDescriptor& field);
// Every function, the access, the purpose.
std::string MethodDifference(const google::protobuf::MethodDescriptor& method);

// The name under which the tables know a field or method: without "exitbus.".
std::string TableName(const std::string& full_name);

}  // namespace exitbus::tables
