// The part of CheckPolicy that walks fields. Internal to the policy.
#pragma once

#include <set>
#include <string>
#include <vector>

namespace google::protobuf {
class Descriptor;
class FieldDescriptor;
}  // namespace google::protobuf

namespace exitbus::policy {

// Walks messages that leave an authority, each type once, and collects the mistakes of their
// fields.
class FieldCheck {
 public:
  explicit FieldCheck(std::vector<std::string>& mistakes) : mistakes_(mistakes) {}

  void Walk(const google::protobuf::Descriptor& message);

 private:
  void CheckLeaf(const google::protobuf::FieldDescriptor& field);
  void CheckSubmessage(const google::protobuf::FieldDescriptor& field);

  std::vector<std::string>& mistakes_;
  std::set<std::string> seen_;
};

}  // namespace exitbus::policy
