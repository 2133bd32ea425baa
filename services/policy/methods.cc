#include "services/policy/methods.h"

#include <algorithm>

#include "google/protobuf/descriptor.h"
#include "services/policy/contracts.h"

namespace exitbus::policy {

using google::protobuf::MethodDescriptor;

const v1::MethodPolicy* MethodPolicyOf(const MethodDescriptor& method) {
  if (!method.options().HasExtension(v1::method)) return nullptr;
  return &method.options().GetExtension(v1::method);
}

bool MayCall(const MethodDescriptor& method, v1::Function function) {
  if (function == v1::FUNCTION_UNSPECIFIED) return false;
  const v1::MethodPolicy* policy = MethodPolicyOf(method);
  if (policy == nullptr) return false;
  const auto& callers = policy->callers();
  return std::find(callers.begin(), callers.end(), function) != callers.end();
}

const v1::MethodPolicy* MethodPolicyOf(std::string_view full_name) {
  const MethodDescriptor* method = FindMethod(full_name);
  return method == nullptr ? nullptr : MethodPolicyOf(*method);
}

bool MayCall(std::string_view full_name, v1::Function function) {
  const MethodDescriptor* method = FindMethod(full_name);
  return method != nullptr && MayCall(*method, function);
}

}  // namespace exitbus::policy
