// Whether certificates and keys are a service's own, in force, and such that others can deal with
// them: told here by field and remedy, they would otherwise show as connections that fail without a
// reason.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "absl/time/time.h"
#include "adapters/directory/mistakes.h"

namespace exitbus::adapters {

// What lies in the three files of a config::v1::Tls (PEM).
struct TlsTexts {
  std::string certificate;  // may be followed by those between it and the CA
  std::string key;
  std::string ca;

  bool operator==(const TlsTexts&) const = default;
};

enum class TlsUse {
  kServer,  // shown to the authority's own systems
  kClient,  // shown to the broker
};

// Names every mistake by `field` ("api_tls"): no certificate, expired or not yet valid, another
// authority's or of two names, with a key that is not its own, not for this use; as a server's: of
// X.509 v1, or without a name that clients compare; no certificate among those of the CA that is in
// force.
void CheckTls(std::string_view field, const TlsTexts& texts, const std::string& authority,
              TlsUse use, absl::Time now, Mistakes& mistakes);

// Why some clients will refuse this server's certificate, which others take; empty: none known.
std::string ShutsClientsOut(const TlsTexts& texts);

// The ends of the certificates in a PEM text, in its order.
std::vector<absl::Time> EndsOf(const std::string& pem);

}  // namespace exitbus::adapters
