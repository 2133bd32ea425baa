// The authority's master key: it wraps the keys of erasure scopes and never leaves where it is
// kept. That is a file now; a hardware module (PKCS #11) is another implementation, and passes
// adapters/memory/master_key_contract.h. Called by the deciding thread, which waits: answer within
// milliseconds, or with UNAVAILABLE.
#pragma once

#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "services/exchange/ports/secret.h"

namespace exitbus::exchange {

class MasterKey {
 public:
  virtual ~MasterKey() = default;

  // The scope's key (32 bytes), wrapped and bound to the scope's name. Fresh: wrapping twice gives
  // other bytes. UNAVAILABLE: its keeper does not answer; what needed it is tried again.
  virtual absl::StatusOr<std::string> Wrap(std::string_view scope, std::string_view key) = 0;

  // INVALID_ARGUMENT: altered, another scope's, or under another master key. UNAVAILABLE as above.
  virtual absl::StatusOr<SecretBytes> Unwrap(std::string_view scope, std::string_view wrapped) = 0;
};

}  // namespace exitbus::exchange
