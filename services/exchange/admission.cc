#include "services/exchange/admission.h"

#include <google/protobuf/message.h>

#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "exitbus/directory/v1/directory.pb.h"
#include "exitbus/policy/v1/policy.pb.h"
#include "services/exchange/answers.h"
#include "services/exchange/decision.h"
#include "services/exchange/laws.h"
#include "services/exchange/ports/directory.h"
#include "services/policy/methods.h"
#include "services/policy/purpose.h"
#include "services/policy/readers.h"
#include "services/policy/text.h"
#include "services/policy/values.h"

namespace exitbus::exchange {
namespace {

namespace pv1 = policy::v1;

constexpr std::size_t kRequestIdMax = 64;
constexpr std::size_t kEmployeeBytesMax = 128;

std::optional<Refusal> RefusePurpose(const Caller& caller, const Laws& laws) {
  if (policy::IsInvestigation(caller.purpose) || policy::IsInvestigation(caller.remark)) {
    return RefusedBy("caller.purpose_investigation",
                     "Exit data is never for the investigation of criminal cases "
                     "(retsplejeloven § 115(2)).",
                     absl::StatusCode::kPermissionDenied);
  }
  if (!policy::IsInWords(caller.purpose) || !policy::IsInWords(caller.remark)) {
    return BadInput("caller.purpose_in_words",
                    "Give the purpose of access, and a remark, each in at most 80 bytes, without "
                    "digits and without naming anybody: it is kept for the account that the "
                    "citizen gets.");
  }
  if (caller.purpose.empty() || laws.purposes.empty() || laws.purposes.contains(caller.purpose)) {
    return std::nullopt;
  }
  return BadInput(
      "caller.purpose_not_listed",
      absl::StrCat("Send as \"exitbus-purpose\" one that this authority has decided on (",
                   absl::StrJoin(laws.purposes, ", ",
                                 [](std::string* out, const auto& one) { *out += one.first; }),
                   "), and what else there is to say as \"exitbus-remark\"."));
}

}  // namespace

Refusal NotServed() {
  return RefusedBy("method.not_served", "This kind of authority does not serve it.",
                   absl::StatusCode::kUnimplemented);
}

std::optional<Refusal> RefuseCaller(const std::string& method, const Caller& caller,
                                    const DirectoryEntry* self, const Laws& laws) {
  const pv1::Function function = policy::FunctionNamed(caller.function);
  const bool known_here =
      self != nullptr && policy::ReaderFor(self->kind, function) != pv1::READER_UNSPECIFIED;
  if (!known_here || !policy::MayCall(method, function)) {
    return RefusedBy("caller.function_may_not",
                     "The function in your system's certificate may not call this method.",
                     absl::StatusCode::kPermissionDenied);
  }
  for (const auto& [name, text] : {std::pair("exitbus-employee", &caller.employee),
                                   std::pair("exitbus-purpose", &caller.purpose),
                                   std::pair("exitbus-remark", &caller.remark)}) {
    if (const auto fault = policy::FaultInText(*text, {kEmployeeBytesMax}); !fault.empty()) {
      return BadInput("caller.bad_metadata",
                      absl::StrCat("Send \"", name, "\" as one line of UTF-8, at most ",
                                   kEmployeeBytesMax, " bytes: it ", std::string(fault), "."));
    }
  }
  if (policy::MethodPolicyOf(method)->purpose_required() &&
      (caller.purpose.empty() || caller.employee.empty())) {
    return BadInput("caller.purpose_required",
                    "Send the employee and the purpose of access as request metadata "
                    "\"exitbus-employee\" and \"exitbus-purpose\".");
  }
  return RefusePurpose(caller, laws);
}

std::optional<Refusal> RefuseValues(const google::protobuf::Message& request) {
  const auto fault = policy::FaultIn(request);
  if (!fault) return std::nullopt;
  return BadInput("request.bad_value", policy::WordsOf(*fault));
}

std::optional<Refusal> RefuseAdmission(const Call& call, const DirectoryEntry* self,
                                       const Laws& laws) {
  if (auto refusal = RefuseCaller(call.method, call.caller, self, laws)) return refusal;
  if (policy::MethodPolicyOf(call.method)->access() == pv1::ACCESS_WRITE) {
    if (self->status == directory::v1::AUTHORITY_STATUS_REMOVED) {
      return RefusedBy("authority.removed",
                       "The directory lists this authority as removed; what it holds can be read "
                       "and no longer changed. If that is wrong, ask the directory's signers.");
    }
    const std::string request_id = StringField(*call.request, "request_id");
    if (request_id.empty() || request_id.size() > kRequestIdMax) {
      return BadInput("request.id_required",
                      "Give every change a request_id of your own, 1 to 64 characters, a UUID for "
                      "instance; it makes a repeat safe.");
    }
  }
  return RefuseValues(*call.request);
}

}  // namespace exitbus::exchange
