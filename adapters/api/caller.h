// Who calls, read from what TLS and the request's metadata say.
#pragma once

#include <string_view>
#include <variant>

#include "services/exchange/ports/api.h"

namespace exitbus::adapters {

// The caller that `common_name` ("<authority>.<system>.<function>") names, without employee and
// purpose, or why it is refused: "caller.malformed_certificate_name" (UNAUTHENTICATED), or
// "caller.wrong_authority" (PERMISSION_DENIED) if it is another authority than `our_authority`.
std::variant<exchange::Caller, exchange::Refusal> CallerFromCommonName(
    std::string_view common_name, std::string_view our_authority);

}  // namespace exitbus::adapters
