#include "tests/policy/places.h"

#include "google/protobuf/descriptor.h"
#include "google/protobuf/descriptor.pb.h"
#include "services/policy/contracts.h"

namespace exitbus::tables {

using google::protobuf::Descriptor;
using google::protobuf::DescriptorProto;
using google::protobuf::FileDescriptor;
using google::protobuf::FileDescriptorProto;

std::vector<int> Others(int last, int but) {
  std::vector<int> others;
  for (int i = 1; i <= last; ++i) {
    if (i != but) others.push_back(i);
  }
  return others;
}

std::vector<int> PathTo(const Descriptor& message) {
  std::vector<int> path;
  for (const Descriptor* at = &message; at != nullptr; at = at->containing_type()) {
    path.insert(path.begin(), at->index());
  }
  return path;
}

DescriptorProto& MessageAt(FileDescriptorProto& file, const std::vector<int>& path) {
  DescriptorProto* message = file.mutable_message_type(path[0]);
  for (std::size_t i = 1; i < path.size(); ++i) message = message->mutable_nested_type(path[i]);
  return *message;
}

const Descriptor& MessageAt(const FileDescriptor& file, const std::vector<int>& path) {
  const Descriptor* message = file.message_type(path[0]);
  for (std::size_t i = 1; i < path.size(); ++i) message = message->nested_type(path[i]);
  return *message;
}

void WalkMessages(const std::function<void(const Descriptor&)>& visit) {
  const std::function<void(const Descriptor&)> walk = [&](const Descriptor& message) {
    visit(message);
    for (int i = 0; i < message.nested_type_count(); ++i) walk(*message.nested_type(i));
  };
  for (const FileDescriptor* file : policy::AllContracts()) {
    for (int i = 0; i < file->message_type_count(); ++i) walk(*file->message_type(i));
  }
}

}  // namespace exitbus::tables
