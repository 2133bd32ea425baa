// Every contract there is, whatever a program happens to link: topics, access lists and the docs'
// matrices must not depend on which message types a binary uses.
#pragma once

#include <string_view>
#include <vector>

namespace google::protobuf {
class FileDescriptor;
class MethodDescriptor;
}  // namespace google::protobuf

namespace exitbus::policy {

using ContractFiles = std::vector<const google::protobuf::FileDescriptor*>;

// The files of every exitbus package but exitbus.testing and exitbus.gang_list, which is served
// outside exitbus, in order of name. Their descriptors are not those of the generated classes:
// compare names, never pointers. Thread-safe.
const ContractFiles& AllContracts();

// A method by its full name, of the contracts or of a linked test service; null if unknown.
const google::protobuf::MethodDescriptor* FindMethod(std::string_view full_name);

}  // namespace exitbus::policy
