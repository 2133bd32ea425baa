// Who sends a request: by the connection's client certificate, or by a session that the authority's
// identity provider vouched for. Internal to this folder; on the loop's thread.
#pragma once

#include <optional>
#include <string>
#include <variant>

#include "absl/time/time.h"
#include "adapters/api/client_certificate.h"
#include "adapters/web/sessions.h"
#include "services/exchange/ports/api.h"

namespace exitbus::adapters {

class Admission;
class HttpExchange;
struct HttpRequest;

inline constexpr char kSessionCookie[] = "__Host-exitbus-session";

// The session's secret that a request shows; empty: none, or more than one.
std::string SessionSecret(const HttpRequest& request);

struct WebCaller {
  exchange::Caller caller;
  // What its authority may revoke. A session has the name that a certificate for it would have.
  ClientCertificate identity;
  std::optional<Session> session;  // unset: it showed a certificate, which counts alone
};

// Or why it is turned away, which is counted. `sessions` is null where nobody logs in.
std::variant<WebCaller, exchange::Refusal> WhoCalls(const HttpRequest& request,
                                                    const HttpExchange& exchange,
                                                    const Sessions* sessions, Admission& admission);

}  // namespace exitbus::adapters
