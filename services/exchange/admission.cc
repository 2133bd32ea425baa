#include "services/exchange/admission.h"

#include <google/protobuf/message.h>

#include <utility>

#include "absl/strings/str_cat.h"
#include "exitbus/directory/v1/directory.pb.h"
#include "exitbus/policy/v1/policy.pb.h"
#include "services/exchange/answers.h"
#include "services/exchange/decision.h"
#include "services/exchange/ports/directory.h"
#include "services/exchange/purpose.h"
#include "services/policy/methods.h"
#include "services/policy/readers.h"
#include "services/policy/text.h"
#include "services/policy/values.h"

namespace exitbus::exchange {
namespace {

namespace pv1 = policy::v1;

constexpr std::size_t kRequestIdMax = 64;
constexpr std::size_t kPurposeBytesMax = 80;
constexpr std::size_t kEmployeeBytesMax = 128;

// A purpose stays in the account after an erasure, so there is room for a reason and none for a
// number that stands for somebody.
bool IsInWords(std::string_view purpose) {
  return purpose.size() <= kPurposeBytesMax &&
         purpose.find_first_of("0123456789") == std::string_view::npos;
}

}  // namespace

Refusal NotServed() {
  return RefusedBy("method.not_served", "This kind of authority does not serve it.",
                   absl::StatusCode::kUnimplemented);
}

std::optional<Refusal> RefuseCaller(const std::string& method, const Caller& caller,
                                    const DirectoryEntry* self) {
  const pv1::Function function = policy::FunctionNamed(caller.function);
  const bool known_here =
      self != nullptr && policy::ReaderFor(self->kind, function) != pv1::READER_UNSPECIFIED;
  if (!known_here || !policy::MayCall(method, function)) {
    return RefusedBy("caller.function_may_not",
                     "The function in your system's certificate may not call this method.",
                     absl::StatusCode::kPermissionDenied);
  }
  for (const auto& [name, text] : {std::pair("exitbus-employee", &caller.employee),
                                   std::pair("exitbus-purpose", &caller.purpose)}) {
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
  if (IsInvestigation(caller.purpose)) {
    return RefusedBy("caller.purpose_investigation",
                     "Exit data is never for the investigation of criminal cases "
                     "(retsplejeloven § 115(2)).",
                     absl::StatusCode::kPermissionDenied);
  }
  if (!IsInWords(caller.purpose)) {
    return BadInput("caller.purpose_in_words",
                    "Give the purpose of access in at most 80 bytes, without digits and without "
                    "naming anybody: it is kept for the account that the citizen gets.");
  }
  return std::nullopt;
}

std::optional<Refusal> RefuseValues(const google::protobuf::Message& request) {
  const auto fault = policy::FaultIn(request);
  if (!fault) return std::nullopt;
  return BadInput("request.bad_value", policy::WordsOf(*fault));
}

std::optional<Refusal> RefuseAdmission(const Call& call, const DirectoryEntry* self) {
  if (auto refusal = RefuseCaller(call.method, call.caller, self)) return refusal;
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
