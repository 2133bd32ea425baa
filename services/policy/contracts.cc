#include "services/policy/contracts.h"

#include <algorithm>
#include <string>

#include "absl/strings/match.h"
#include "exitbus/policy/v1/policy.pb.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/descriptor.pb.h"
#include "services/exchange/ports/fault.h"
#include "services/policy/contracts_data.h"

namespace exitbus::policy {
namespace {

using google::protobuf::DescriptorPool;
using google::protobuf::FileDescriptor;
using google::protobuf::MethodDescriptor;

struct Contracts {
  DescriptorPool pool;
  ContractFiles files;
};

// The bytes were compiled together with this program: that they are unreadable is no operating
// error.
[[noreturn]] void Broken(const std::string& what) {
  exchange::ProgramFault("the embedded contracts are broken", what);
}

const Contracts* Load() {
  // The options are extensions; without this reference a program could link without them and every
  // field would look unlabelled.
  (void)v1::Category_descriptor();
  google::protobuf::FileDescriptorSet set;
  if (!set.ParseFromArray(kContractsData, static_cast<int>(kContractsSize))) Broken("not a set");
  auto* contracts = new Contracts;
  for (const auto& file : set.file()) {
    const FileDescriptor* built = contracts->pool.BuildFile(file);
    if (built == nullptr) Broken(file.name());
    if (absl::StartsWith(built->package(), "exitbus.")) contracts->files.push_back(built);
  }
  std::sort(contracts->files.begin(), contracts->files.end(),
            [](const FileDescriptor* a, const FileDescriptor* b) { return a->name() < b->name(); });
  return contracts;
}

const Contracts& Loaded() {
  static const Contracts* contracts = Load();
  return *contracts;
}

}  // namespace

const ContractFiles& AllContracts() { return Loaded().files; }

const MethodDescriptor* FindMethod(std::string_view full_name) {
  const std::string name(full_name);
  if (const MethodDescriptor* method = Loaded().pool.FindMethodByName(name)) return method;
  return DescriptorPool::generated_pool()->FindMethodByName(name);
}

}  // namespace exitbus::policy
