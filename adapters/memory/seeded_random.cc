#include "adapters/memory/seeded_random.h"

namespace exitbus::adapters {

std::string SeededRandom::Bytes(std::size_t count) {
  const std::lock_guard lock(mutex_);
  std::string bytes;
  bytes.reserve(count);
  std::uint64_t drawn = 0;
  for (std::size_t i = 0; i < count; ++i) {
    if (i % sizeof(drawn) == 0) drawn = engine_();
    bytes += static_cast<char>(drawn & 0xff);
    drawn >>= 8;
  }
  return bytes;
}

}  // namespace exitbus::adapters
