#include "services/policy/methods.h"

#include <algorithm>

#include "google/protobuf/descriptor.h"
#include "services/policy/contracts.h"

namespace exitbus::policy {

const v1::MethodPolicy* MethodPolicyOf(std::string_view full_name) {
  const google::protobuf::MethodDescriptor* method = FindMethod(full_name);
  if (method == nullptr || !method->options().HasExtension(v1::method)) return nullptr;
  return &method->options().GetExtension(v1::method);
}

bool MayCall(std::string_view full_name, v1::Function function) {
  if (function == v1::FUNCTION_UNSPECIFIED) return false;
  const v1::MethodPolicy* policy = MethodPolicyOf(full_name);
  if (policy == nullptr) return false;
  const auto& callers = policy->callers();
  return std::find(callers.begin(), callers.end(), function) != callers.end();
}

}  // namespace exitbus::policy
