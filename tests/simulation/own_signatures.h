// A world's cryptography that recognises the signatures made in it without computing: a country of
// a hundred and more authorities verifies each other's all day. One that was not made here, or not
// over these bytes by this key, is verified as it is.
#pragma once

#include <memory>

#include "services/exchange/ports/crypto.h"

namespace exitbus::simulation {

std::unique_ptr<exchange::Crypto> RecognisingOwnSignatures(
    std::unique_ptr<exchange::Crypto> crypto);

}  // namespace exitbus::simulation
