// Where a browser's session begins and ends: POST a token, GET who one is, DELETE. Internal to this
// folder; on the loop's thread.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <utility>

#include "adapters/web/identity_token.h"
#include "adapters/web/sessions.h"

namespace exitbus::adapters {

class Admission;
class HttpExchange;
struct HttpRequest;

inline constexpr char kSessionPath[] = "/session";

class Login {
 public:
  // `closed` is told the key of each session that somebody ended.
  Login(IdentityProvider provider, absl::Duration session_max, std::size_t sessions_max,
        Admission* admission, std::function<void(const std::string&)> closed)
      : provider_(std::move(provider)),
        sessions_(session_max, sessions_max),
        admission_(admission),
        closed_(std::move(closed)) {}

  const Sessions& sessions() const { return sessions_; }

  void Handle(const HttpRequest& request, HttpExchange& exchange);

 private:
  void Open(const HttpRequest& request, HttpExchange& exchange);
  void Show(const HttpRequest& request, HttpExchange& exchange) const;
  void Close(const HttpRequest& request, HttpExchange& exchange);
  void Refuse(const exchange::Refusal& refusal, HttpExchange& exchange) const;

  const IdentityProvider provider_;
  Sessions sessions_;
  Admission* const admission_;
  const std::function<void(const std::string&)> closed_;
};

}  // namespace exitbus::adapters
