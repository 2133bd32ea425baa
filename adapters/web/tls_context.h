// What OpenSSL has to hold to about our side of TLS. Internal to this folder.
#pragma once

#include <string>

#include "absl/status/statusor.h"

struct ssl_ctx_st;
struct ssl_st;

namespace exitbus::adapters {

struct HttpServerOptions;

// TLS 1.3 and nothing older; no session is resumed, so that every connection shows its certificate.
// The caller frees it. INVALID_ARGUMENT names the file that cannot be used.
absl::StatusOr<ssl_ctx_st*> NewTlsContext(const HttpServerOptions& options);

// The client's certificate (PEM) after the handshake; empty: it showed none.
std::string PeerCertificate(const ssl_st* connection);

}  // namespace exitbus::adapters
