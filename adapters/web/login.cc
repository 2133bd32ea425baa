#include "adapters/web/login.h"

#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "adapters/api/admission.h"
#include "adapters/api/caller.h"
#include "adapters/api/error_details.h"
#include "adapters/web/callers.h"
#include "adapters/web/connect_error.h"
#include "adapters/web/http.h"
#include "adapters/web/same_origin.h"
#include "google/rpc/status.pb.h"
#include "nlohmann/json.hpp"

namespace exitbus::adapters {
namespace {

using exchange::Refusal;

std::string Cookie(const std::string& secret, absl::Duration life) {
  return absl::StrCat(
      kSessionCookie, "=", secret,
      "; Path=/; Secure; HttpOnly; SameSite=Strict; Max-Age=", absl::ToInt64Seconds(life));
}

HttpReply Shown(const Session& session) {
  return {.status = 200,
          .headers = {{"Content-Type", "application/json"}},
          .body = nlohmann::json{{"employee", session.employee},
                                 {"system", session.system},
                                 {"function", session.function},
                                 {"ends", absl::FormatTime(absl::RFC3339_sec, session.ends,
                                                           absl::UTCTimeZone())}}
                      .dump(-1, ' ', false, nlohmann::json::error_handler_t::replace)};
}

Refusal NotHere() {
  return {.code = absl::StatusCode::kPermissionDenied,
          .reason = "login.other_origin",
          .message = "A page of another origin may neither begin nor end a session here.",
          .metadata = {}};
}

Refusal NoSession() {
  return {.code = absl::StatusCode::kUnauthenticated,
          .reason = "login.no_session",
          .message = "There is no session, or it has ended: log in.",
          .metadata = {}};
}

}  // namespace

void Login::Handle(const HttpRequest& request, HttpExchange& exchange) {
  if (!IsSameOrigin(request)) return Refuse(NotHere(), exchange);
  if (request.method == "POST") return Open(request, exchange);
  if (request.method == "GET") return Show(request, exchange);
  if (request.method == "DELETE") return Close(request, exchange);
  HttpReply reply = PlainReply(405, "POST a token, GET who you are, or DELETE the session.");
  reply.headers.emplace_back("Allow", "POST, GET, DELETE");
  exchange.Reply(std::move(reply));
}

void Login::Open(const HttpRequest& request, HttpExchange& exchange) {
  // One that a form of any page could send is not taken.
  if (request.Header("content-type").value_or("") != "application/jwt") {
    return exchange.Reply(PlainReply(415, "Send the token itself, as application/jwt."));
  }
  const absl::Time now = absl::Now();
  const auto verified = provider_.Verify(
      std::string(absl::StripAsciiWhitespace(request.too_large ? "" : request.body)), now);
  if (const auto* refusal = std::get_if<Refusal>(&verified)) return Refuse(*refusal, exchange);
  const auto& claims = std::get<IdentityClaims>(verified);
  const auto named = CallerFromCommonName(
      absl::StrCat(admission_->authority(), ".", claims.system, ".", claims.function),
      admission_->authority());
  if (std::holds_alternative<Refusal>(named)) {
    return Refuse(
        {.code = absl::StatusCode::kUnauthenticated,
         .reason = "login.wrong_claims",
         .message = "System and function are names of small letters, digits, '-' and '_'.",
         .metadata = {}},
        exchange);
  }
  const auto opened = sessions_.Open(claims, now);
  if (const auto* refusal = std::get_if<Refusal>(&opened)) return Refuse(*refusal, exchange);
  const auto& [secret, session] = std::get<Sessions::Opened>(opened);
  HttpReply reply = Shown(session);
  reply.headers.emplace_back("Set-Cookie", Cookie(secret, session.ends - now));
  exchange.Reply(std::move(reply));
}

void Login::Show(const HttpRequest& request, HttpExchange& exchange) const {
  const auto session = sessions_.Find(SessionSecret(request), absl::Now());
  if (!session) return exchange.Reply(ConnectErrorReply(DetailsOf(NoSession())));
  exchange.Reply(Shown(*session));
}

void Login::Close(const HttpRequest& request, HttpExchange& exchange) {
  const std::string secret = SessionSecret(request);
  if (const auto session = sessions_.Find(secret, absl::Now())) closed_(session->key);
  sessions_.Close(secret);
  exchange.Reply(
      {.status = 204, .headers = {{"Set-Cookie", Cookie("", absl::ZeroDuration())}}, .body = {}});
}

void Login::Refuse(const Refusal& refusal, HttpExchange& exchange) const {
  admission_->CountRefused(refusal);
  exchange.Reply(ConnectErrorReply(DetailsOf(refusal)));
}

}  // namespace exitbus::adapters
