// For tests: contracts written inside the test.
#pragma once

#include <memory>
#include <string>

#include "services/policy/contracts.h"

namespace google::protobuf::compiler {
class Importer;
}

namespace exitbus::policy {

// Compiles one proto file given as text. "syntax", package ("exitbus.sample.v1") and the import of
// the policy stand above it already. Aborts if it does not compile.
class TestContract {
 public:
  explicit TestContract(const std::string& text);
  ~TestContract();

  const ContractFiles& files() const { return files_; }

 private:
  struct Sources;

  std::unique_ptr<Sources> sources_;
  std::unique_ptr<google::protobuf::compiler::Importer> importer_;
  ContractFiles files_;
};

}  // namespace exitbus::policy
