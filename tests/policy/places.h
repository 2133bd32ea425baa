// Where in the contracts a mutant changes something.
#pragma once

#include <functional>
#include <vector>

namespace google::protobuf {
class Descriptor;
class DescriptorProto;
class FileDescriptor;
class FileDescriptorProto;
}  // namespace google::protobuf

namespace exitbus::tables {

// 1 to `last` without `but`.
std::vector<int> Others(int last, int but);

// Where a message stands in its file: the path down through nested types, by index.
std::vector<int> PathTo(const google::protobuf::Descriptor& message);
google::protobuf::DescriptorProto& MessageAt(google::protobuf::FileDescriptorProto& file,
                                             const std::vector<int>& path);
const google::protobuf::Descriptor& MessageAt(const google::protobuf::FileDescriptor& file,
                                              const std::vector<int>& path);

// Every message of every contract, nested ones too.
void WalkMessages(const std::function<void(const google::protobuf::Descriptor&)>& visit);

}  // namespace exitbus::tables
