#include "services/exchange/framed.h"

#include <cstdint>

namespace exitbus::exchange {

std::string Framed(std::string_view domain, std::initializer_list<std::string_view> parts) {
  std::string framed;
  AppendFramed(framed, domain);
  for (const std::string_view part : parts) AppendFramed(framed, part);
  return framed;
}

void AppendFramed(std::string& framed, std::string_view part) {
  const std::uint64_t length = part.size();
  for (int shift = 56; shift >= 0; shift -= 8) framed += static_cast<char>(length >> shift & 0xff);
  framed += part;
}

}  // namespace exitbus::exchange
