// The contracts with one file changed, built anew: a policy as somebody could have written it.
#pragma once

#include <functional>
#include <memory>
#include <string>

namespace google::protobuf {
class DescriptorPool;
class FileDescriptorProto;
}  // namespace google::protobuf

namespace exitbus::tables {

class AlteredContracts {
 public:
  using Change = std::function<void(google::protobuf::FileDescriptorProto&)>;

  // All contracts, with `change` made to the file of this name. Built lazily: only what is looked
  // up, and what it imports.
  AlteredContracts(const std::string& file, const Change& change);
  ~AlteredContracts();

  const google::protobuf::DescriptorPool& pool() const;

 private:
  struct Built;
  std::unique_ptr<Built> built_;
};

}  // namespace exitbus::tables
