// Random numbers that a seed repeats, for tests. Never for keys.
#pragma once

#include <cstdint>
#include <mutex>
#include <random>
#include <string>

#include "services/exchange/ports/time.h"

namespace exitbus::adapters {

class SeededRandom final : public exchange::Random {
 public:
  explicit SeededRandom(std::uint64_t seed) : engine_(seed) {}
  std::string Bytes(std::size_t count) override;

 private:
  std::mutex mutex_;  // guards engine_
  std::mt19937_64 engine_;
};

}  // namespace exitbus::adapters
