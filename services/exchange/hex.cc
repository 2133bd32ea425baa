#include "services/exchange/hex.h"

#include <charconv>
#include <system_error>

namespace exitbus::exchange {

std::optional<std::string> FromHex(std::string_view digits) {
  if (digits.size() % 2 != 0) return std::nullopt;
  std::string bytes;
  for (; !digits.empty(); digits.remove_prefix(2)) {
    unsigned char byte = 0;
    const char* const end = digits.data() + 2;
    const auto read = std::from_chars(digits.data(), end, byte, 16);
    if (read.ec != std::errc() || read.ptr != end) return std::nullopt;
    bytes += static_cast<char>(byte);
  }
  return bytes;
}

}  // namespace exitbus::exchange
