#include <array>
#include <cstdint>
#include <cstring>

#include "services/exchange/ports/store.h"
#include "services/exchange/ports/time.h"

namespace exitbus::exchange {

std::string_view TableName(Table table) {
  static constexpr std::array<std::string_view, kTableCount> kNames = {"journal",
                                                                       "states",
                                                                       "outbox",
                                                                       "correspondences_out",
                                                                       "correspondences_in",
                                                                       "sent",
                                                                       "inbox",
                                                                       "parked",
                                                                       "positions",
                                                                       "outcomes",
                                                                       "timers",
                                                                       "disclosures",
                                                                       "index",
                                                                       "changes",
                                                                       "dead_letters",
                                                                       "keys",
                                                                       "meta"};
  return kNames[static_cast<std::size_t>(table)];
}

std::string FreshUuid(Random& random) {
  static constexpr char kHex[] = "0123456789abcdef";
  std::string bytes = random.Bytes(16);
  bytes[6] = static_cast<char>((bytes[6] & 0x0f) | 0x40);
  bytes[8] = static_cast<char>((bytes[8] & 0x3f) | 0x80);
  std::string uuid;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    if (i == 4 || i == 6 || i == 8 || i == 10) uuid += '-';
    const auto byte = static_cast<unsigned char>(bytes[i]);
    uuid += kHex[byte >> 4];
    uuid += kHex[byte & 0xf];
  }
  return uuid;
}

absl::Duration RandomDelay(Random& random, absl::Duration limit) {
  const std::string bytes = random.Bytes(sizeof(std::uint32_t));
  std::uint32_t drawn = 0;
  std::memcpy(&drawn, bytes.data(), sizeof(drawn));
  return limit * (static_cast<double>(drawn) / 4294967296.0);
}

}  // namespace exitbus::exchange
