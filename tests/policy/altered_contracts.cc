#include "tests/policy/altered_contracts.h"

#include <cstdio>
#include <cstdlib>
#include <map>

#include "google/protobuf/descriptor.h"
#include "google/protobuf/descriptor.pb.h"
#include "google/protobuf/descriptor_database.h"
#include "services/policy/contracts.h"

namespace exitbus::tables {
namespace {

using google::protobuf::FileDescriptor;
using google::protobuf::FileDescriptorProto;
using Files = std::map<std::string, FileDescriptorProto>;

void Add(const FileDescriptor& file, Files& files) {
  if (files.contains(file.name())) return;
  FileDescriptorProto& proto = files[file.name()];
  file.CopyTo(&proto);
  for (int i = 0; i < file.dependency_count(); ++i) Add(*file.dependency(i), files);
}

const Files& Originals() {
  static const auto* files = [] {
    auto* all = new Files;
    for (const FileDescriptor* file : policy::AllContracts()) Add(*file, *all);
    return all;
  }();
  return *files;
}

// A mistake in a change, not in the policy, would look like one that was noticed.
class Complaints : public google::protobuf::DescriptorPool::ErrorCollector {
 public:
  void AddError(const std::string& file, const std::string& element,
                const google::protobuf::Message*, ErrorLocation,
                const std::string& message) override {
    std::fprintf(stderr, "the altered contract does not build: %s: %s: %s\n", file.c_str(),
                 element.c_str(), message.c_str());
    std::abort();
  }
};

}  // namespace

struct AlteredContracts::Built : google::protobuf::DescriptorDatabase {
  bool FindFileByName(const std::string& name, FileDescriptorProto* out) override {
    if (name == altered.name()) {
      *out = altered;
      return true;
    }
    const auto found = Originals().find(name);
    if (found == Originals().end()) return false;
    *out = found->second;
    return true;
  }
  // Files are asked for by name first, see MutantsTest.
  bool FindFileContainingSymbol(const std::string&, FileDescriptorProto*) override { return false; }
  bool FindFileContainingExtension(const std::string&, int, FileDescriptorProto*) override {
    return false;
  }

  FileDescriptorProto altered;
  Complaints complaints;
  google::protobuf::DescriptorPool pool{this, &complaints};
};

AlteredContracts::AlteredContracts(const std::string& file, const Change& change)
    : built_(std::make_unique<Built>()) {
  built_->altered = Originals().at(file);
  change(built_->altered);
}

AlteredContracts::~AlteredContracts() = default;

const google::protobuf::DescriptorPool& AlteredContracts::pool() const { return built_->pool; }

}  // namespace exitbus::tables
