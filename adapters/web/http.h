// One HTTP request and its answer, as the parts of this folder see them, free of the library that
// carries them. Internal to this folder.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/functional/any_invocable.h"
#include "adapters/api/client_certificate.h"

namespace exitbus::adapters {

using HttpHeaders = std::vector<std::pair<std::string, std::string>>;

struct HttpRequest {
  std::string method;   // "POST"
  std::string path;     // as it came, without the query
  std::string query;    // as it came, without the "?"
  HttpHeaders headers;  // names in lower case
  std::string body;
  bool too_large = false;  // its body, which was not kept

  // The header's first value; `name` in lower case.
  std::optional<std::string> Header(std::string_view name) const;
  // The query's first value of this name, decoded. Nullopt: there is none, or it cannot be decoded.
  std::optional<std::string> Parameter(std::string_view name) const;
  // How many there are of this name.
  int Headers(std::string_view name) const;
  int Parameters(std::string_view name) const;
};

struct HttpReply {
  int status = 200;
  HttpHeaders headers;  // beside those that every answer has
  std::string body;
};

// What a person reads who comes here by mistake.
HttpReply PlainReply(int status, std::string_view text);

// Where a request's answer goes: one reply, or a stream of bytes. Used on the loop's thread. What
// is said after the client has gone is dropped.
class HttpExchange {
 public:
  virtual ~HttpExchange() = default;

  // Of the connection's client; both empty: it showed none.
  virtual const ClientCertificate& certificate() const = 0;

  virtual void Reply(HttpReply reply) = 0;

  virtual void BeginStream(HttpHeaders headers) = 0;
  // The next one is to come after `written` ran, so that a slow reader holds one at a time.
  virtual void Write(std::string bytes, absl::AnyInvocable<void()> written) = 0;
  virtual void EndStream() = 0;

  // Runs once if the client goes away before all is said.
  virtual void OnGone(absl::AnyInvocable<void()> gone) = 0;
  // Let go when all has gone out, or the client has.
  virtual void Keep(std::shared_ptr<const void> held) = 0;
};

}  // namespace exitbus::adapters
