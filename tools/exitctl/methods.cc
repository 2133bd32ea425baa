#include "tools/exitctl/methods.h"

#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "services/exchange/ports/fault.h"
#include "services/exchange/ports/status_macros.h"
#include "services/policy/contracts.h"
#include "tools/exitctl/names.h"

namespace exitbus::exitctl {

using google::protobuf::DescriptorPool;
using google::protobuf::Message;
using google::protobuf::MessageFactory;
using google::protobuf::MethodDescriptor;

std::vector<std::string> MethodNames() {
  std::vector<std::string> names;
  for (const auto* file : policy::AllContracts()) {
    for (int s = 0; s < file->service_count(); ++s) {
      for (int m = 0; m < file->service(s)->method_count(); ++m) {
        names.push_back(file->service(s)->method(m)->full_name());
      }
    }
  }
  return names;
}

namespace {

constexpr char kConsoleService[] = "exitbus.operations.v1.OperationsService";

// The authorities' methods, and those of the console, whose rights are its own.
std::vector<std::string> NamesToCall() {
  std::vector<std::string> names = MethodNames();
  const auto* console = DescriptorPool::generated_pool()->FindServiceByName(kConsoleService);
  for (int i = 0; console != nullptr && i < console->method_count(); ++i) {
    names.push_back(console->method(i)->full_name());
  }
  return names;
}

}  // namespace

absl::StatusOr<const MethodDescriptor*> ResolveMethod(const std::string& name) {
  ASSIGN_OR_RETURN(const auto full_name, Resolve("method", name, NamesToCall()));
  return &MethodNamed(full_name);
}

const MethodDescriptor& MethodNamed(const std::string& full_name) {
  // Of the linked classes, not of the embedded descriptors: messages are made of it.
  const MethodDescriptor* method = DescriptorPool::generated_pool()->FindMethodByName(full_name);
  if (method == nullptr) {
    exchange::ProgramFault("a method is not linked in", full_name);
  }
  return *method;
}

std::unique_ptr<Message> NewMessage(const google::protobuf::Descriptor& type) {
  return std::unique_ptr<Message>(MessageFactory::generated_factory()->GetPrototype(&type)->New());
}

std::unique_ptr<Message> NewRequest(const MethodDescriptor& method) {
  return NewMessage(*method.input_type());
}

}  // namespace exitbus::exitctl
