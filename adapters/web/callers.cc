#include "adapters/web/callers.h"

#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/time/clock.h"
#include "adapters/api/admission.h"
#include "adapters/web/call_metadata.h"
#include "adapters/web/http.h"
#include "adapters/web/same_origin.h"

namespace exitbus::adapters {
namespace {

using exchange::Refusal;

Refusal OtherOrigin() {
  return {.code = absl::StatusCode::kPermissionDenied,
          .reason = "caller.other_origin",
          .message = "A page of another origin may not call here.",
          .metadata = {}};
}

Refusal Unknown(bool logins) {
  return {.code = absl::StatusCode::kUnauthenticated,
          .reason = "caller.unknown",
          .message = logins
                         ? "Show a client certificate, or log in: there is no session, or it has "
                           "ended."
                         : "Show a client certificate.",
          .metadata = {}};
}

Refusal OtherEmployee() {
  return {.code = absl::StatusCode::kPermissionDenied,
          .reason = "caller.other_employee",
          .message = "\"exitbus-employee\" is another than who logged in: leave it out.",
          .metadata = {}};
}

}  // namespace

std::string SessionSecret(const HttpRequest& request) {
  std::vector<std::string> secrets;
  for (const auto& [name, value] : request.headers) {
    if (name != "cookie") continue;
    const std::vector<std::string> cookies = absl::StrSplit(value, ';');
    for (const std::string& cookie : cookies) {
      const std::pair<std::string, std::string> parts =
          absl::StrSplit(cookie, absl::MaxSplits('=', 1));
      if (absl::StripAsciiWhitespace(parts.first) == kSessionCookie)
        secrets.push_back(parts.second);
    }
  }
  return secrets.size() == 1 ? secrets[0] : "";
}

std::variant<WebCaller, Refusal> WhoCalls(const HttpRequest& request, const HttpExchange& exchange,
                                          const Sessions* sessions, Admission& admission) {
  const auto refused = [&](Refusal refusal) {
    admission.CountRefused(refusal);
    return refusal;
  };
  if (!IsSameOrigin(request)) return refused(OtherOrigin());
  WebCaller found;
  found.identity = exchange.certificate();
  CallMetadata metadata = MetadataOf(request);
  if (found.identity.fingerprint.empty()) {
    if (sessions != nullptr) found.session = sessions->Find(SessionSecret(request), absl::Now());
    if (!found.session) return refused(Unknown(sessions != nullptr));
    found.identity.common_name = absl::StrCat(admission.authority(), ".", found.session->system,
                                              ".", found.session->function);
    if (metadata.employee.empty()) metadata.employee = found.session->employee;
    if (metadata.employee != found.session->employee) return refused(OtherEmployee());
  }
  auto admitted = admission.Admit(found.identity, std::move(metadata));
  if (auto* refusal = std::get_if<Refusal>(&admitted)) return *std::move(refusal);
  found.caller = std::get<exchange::Caller>(std::move(admitted));
  return found;
}

}  // namespace exitbus::adapters
