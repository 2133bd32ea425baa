// The master key as it stands in the authority's keys file, in this process's memory.
#pragma once

#include <memory>
#include <string>

#include "services/exchange/ports/master_key.h"

namespace exitbus::exchange {
class Crypto;
}

namespace exitbus::adapters {

// `key` is 32 bytes; `crypto` outlives it. XChaCha20-Poly1305 with the scope's name authenticated.
// Never UNAVAILABLE.
std::unique_ptr<exchange::MasterKey> MakeFileMasterKey(const exchange::Crypto* crypto,
                                                       exchange::SecretBytes key);

}  // namespace exitbus::adapters
