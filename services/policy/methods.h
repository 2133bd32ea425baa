// Who may call what: the API's authorisation, from the contract's options.
#pragma once

#include <string_view>

#include "exitbus/policy/v1/policy.pb.h"

namespace google::protobuf {
class MethodDescriptor;
}

namespace exitbus::policy {

// The policy of a method by its full name, e.g.
// "exitbus.handover.v1.HandoverService.OfferHandover"; null if there is no such method or it has
// none, which means: nobody may call it. Lives as long as the process. Thread-safe.
const v1::MethodPolicy* MethodPolicyOf(std::string_view full_name);

// Whether a caller with this function may call the method at all. Which cases it may name there is
// decided by the rules.
bool MayCall(std::string_view full_name, v1::Function function);

// The same of a method's descriptor.
const v1::MethodPolicy* MethodPolicyOf(const google::protobuf::MethodDescriptor& method);
bool MayCall(const google::protobuf::MethodDescriptor& method, v1::Function function);

}  // namespace exitbus::policy
