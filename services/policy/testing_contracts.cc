#include "services/policy/testing_contracts.h"

#include <cstdio>

#include "exitbus/policy/v1/policy.pb.h"
#include "google/protobuf/compiler/importer.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/io/zero_copy_stream_impl_lite.h"
#include "services/exchange/ports/fault.h"

namespace exitbus::policy {
namespace {

namespace compiler = google::protobuf::compiler;

constexpr char kName[] = "exitbus/sample/v1/sample.proto";
constexpr char kHead[] = R"(
  syntax = "proto3";
  package exitbus.sample.v1;
  import "exitbus/policy/v1/policy.proto";
  import "exitbus/policy/v1/value.proto";
  import "google/protobuf/timestamp.proto";
)";

// The text under its name; everything else from disk.
class TextTree : public compiler::SourceTree {
 public:
  explicit TextTree(const std::string& text) : text_(kHead + text) {
    disk_.MapPath("", "proto");
    disk_.MapPath("", "/usr/include");
  }

  google::protobuf::io::ZeroCopyInputStream* Open(const std::string& name) override {
    if (name != kName) return disk_.Open(name);
    return new google::protobuf::io::ArrayInputStream(text_.data(), static_cast<int>(text_.size()));
  }

 private:
  std::string text_;
  compiler::DiskSourceTree disk_;
};

class PrintErrors : public compiler::MultiFileErrorCollector {
 public:
  void AddError(const std::string& file, int line, int, const std::string& message) override {
    std::fprintf(stderr, "%s:%d: %s\n", file.c_str(), line + 1, message.c_str());
  }
};

}  // namespace

struct TestContract::Sources {
  explicit Sources(const std::string& text) : tree(text) {}
  TextTree tree;
  PrintErrors errors;
};

TestContract::TestContract(const std::string& text)
    : sources_(std::make_unique<Sources>(text)),
      importer_(std::make_unique<compiler::Importer>(&sources_->tree, &sources_->errors)) {
  (void)v1::Category_descriptor();  // the options are extensions: they must be linked
  const auto* file = importer_->Import(kName);
  if (file == nullptr) exchange::ProgramFault("the contract in a test does not compile");
  files_.push_back(file);
}

TestContract::~TestContract() = default;

}  // namespace exitbus::policy
