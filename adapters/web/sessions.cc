#include "adapters/web/sessions.h"

#include <openssl/rand.h>
#include <openssl/sha.h>

#include <algorithm>

#include "absl/strings/escaping.h"

namespace exitbus::adapters {
namespace {

constexpr std::size_t kSecretBytes = 32;
// Tokens outlive the sessions that were closed; more of them than this say that somebody plays.
constexpr std::size_t kTokensOfOneSession = 4;

// What is kept cannot be shown as a cookie by who reads this process's memory dump.
std::string KeyOf(const std::string& secret) {
  std::string digest(SHA256_DIGEST_LENGTH, '\0');
  SHA256(reinterpret_cast<const unsigned char*>(secret.data()), secret.size(),
         reinterpret_cast<unsigned char*>(digest.data()));
  return digest;
}

exchange::Refusal TooMany() {
  return {.code = absl::StatusCode::kResourceExhausted,
          .reason = "login.too_many_sessions",
          .message = "As many as may be are logged in here: try again when others have logged out.",
          .metadata = {}};
}

}  // namespace

std::variant<Sessions::Opened, exchange::Refusal> Sessions::Open(const IdentityClaims& claims,
                                                                 absl::Time now) {
  DropEnded(now);
  if (used_tokens_.contains(claims.digest)) {
    return exchange::Refusal{.code = absl::StatusCode::kUnauthenticated,
                             .reason = "login.used_already",
                             .message = "This token has opened a session: log in again.",
                             .metadata = {}};
  }
  if (sessions_.size() >= count_max_ || used_tokens_.size() >= kTokensOfOneSession * count_max_) {
    return TooMany();
  }
  std::string bytes(kSecretBytes, '\0');
  if (RAND_bytes(reinterpret_cast<unsigned char*>(bytes.data()), kSecretBytes) != 1) {
    return TooMany();
  }
  Opened opened{absl::WebSafeBase64Escape(bytes), {}};
  opened.session = {KeyOf(opened.secret), claims.employee, claims.system, claims.function,
                    std::min(claims.expires, now + life_max_)};
  sessions_.emplace(opened.session.key, opened.session);
  used_tokens_.emplace(claims.digest, claims.expires);
  return opened;
}

std::optional<Session> Sessions::Find(const std::string& secret, absl::Time now) const {
  const auto found = sessions_.find(KeyOf(secret));
  if (found == sessions_.end() || found->second.ends <= now) return std::nullopt;
  return found->second;
}

bool Sessions::Close(const std::string& secret) { return sessions_.erase(KeyOf(secret)) > 0; }

void Sessions::DropEnded(absl::Time now) {
  std::erase_if(sessions_, [now](const auto& entry) { return entry.second.ends <= now; });
  std::erase_if(used_tokens_, [now](const auto& entry) { return entry.second <= now; });
}

}  // namespace exitbus::adapters
