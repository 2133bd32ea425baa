#include "adapters/grpc/tls_version.h"

#include <cstdlib>
#include <string_view>

#include "services/exchange/ports/fault.h"

namespace exitbus::adapters {
namespace {

// What gRPC takes the cipher suites of TLS 1.2 from, once, when it makes its first credentials;
// those of TLS 1.3 are apart.
constexpr char kVariable[] = "GRPC_SSL_CIPHER_SUITES";
// gRPC wants one that its TLS library knows. This one needs a key shared beforehand, which gRPC has
// no means to set, so that no handshake comes of it, whatever certificates there are.
constexpr char kNeverAgreed[] = "ECDHE-PSK-CHACHA20-POLY1305";

// Before main, because the environment must not be changed while another thread reads it.
[[maybe_unused]] const int kSet = setenv(kVariable, kNeverAgreed, /*overwrite=*/1);

}  // namespace

void RequireTls13() {
  const char* suites = std::getenv(kVariable);
  if (suites != nullptr && std::string_view(suites) == kNeverAgreed) return;
  exchange::ProgramFault("TLS older than 1.3 would be let in, as this was changed", kVariable);
}

}  // namespace exitbus::adapters
