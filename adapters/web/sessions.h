// Who has logged in, in memory: a restart ends all. Internal to this folder; on the loop's thread.
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <variant>

#include "absl/time/time.h"
#include "adapters/web/identity_token.h"
#include "services/exchange/ports/api.h"

namespace exitbus::adapters {

struct Session {
  std::string key;  // of the session, in this process alone
  std::string employee;
  std::string system;
  std::string function;
  absl::Time ends;
};

class Sessions {
 public:
  Sessions(absl::Duration life_max, std::size_t count_max)
      : life_max_(life_max), count_max_(count_max) {}

  struct Opened {
    std::string secret;  // for the cookie, and nowhere else
    Session session;
  };
  // A token opens one session (UNAUTHENTICATED "login.used_already"); RESOURCE_EXHAUSTED
  // "login.too_many_sessions".
  std::variant<Opened, exchange::Refusal> Open(const IdentityClaims& claims, absl::Time now);

  // Nullopt: there is none, or it has ended.
  std::optional<Session> Find(const std::string& secret, absl::Time now) const;

  // Whether there was one.
  bool Close(const std::string& secret);

 private:
  void DropEnded(absl::Time now);

  const absl::Duration life_max_;
  const std::size_t count_max_;
  std::map<std::string, Session> sessions_;        // by the secret's digest
  std::map<std::string, absl::Time> used_tokens_;  // by digest, until they expire
};

}  // namespace exitbus::adapters
