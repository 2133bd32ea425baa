// Bytes written as hexadecimal digits.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace exitbus::exchange {

// nullopt: an odd number of digits, or something that is no digit. Either case will do.
// (Abseil's own, in Debian 12, takes anything; in Debian 13 it has another form.)
std::optional<std::string> FromHex(std::string_view digits);

}  // namespace exitbus::exchange
