// The contracts as a caller needs them: which methods and types there are, and what they want.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"

namespace google::protobuf {
class Descriptor;
class Message;
class MethodDescriptor;
}  // namespace google::protobuf

namespace exitbus::exitctl {

// Of all authorities: full names, in order.
std::vector<std::string> MethodNames();

// By full or short name, the console's methods too; errors as Resolve().
absl::StatusOr<const google::protobuf::MethodDescriptor*> ResolveMethod(const std::string& name);

// A method of this program's own tables. Aborts if there is none: a programmer's error.
const google::protobuf::MethodDescriptor& MethodNamed(const std::string& full_name);

std::unique_ptr<google::protobuf::Message> NewMessage(const google::protobuf::Descriptor& type);
std::unique_ptr<google::protobuf::Message> NewRequest(
    const google::protobuf::MethodDescriptor& method);

// Every method with its request's fields and who may call it.
std::string DescribeMethods();

// A method, a message or an enum by full or short name, with what the contracts say about it.
// Errors as Resolve().
absl::StatusOr<std::string> Describe(const std::string& name);

}  // namespace exitbus::exitctl
