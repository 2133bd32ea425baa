#include "services/exchange/watch_token.h"

#include <array>

#include "services/exchange/framed.h"
#include "services/exchange/keys.h"
#include "services/exchange/ports/crypto.h"
#include "services/exchange/use_keys.h"

namespace exitbus::exchange {
namespace {

constexpr std::size_t kNumbers = 3;
constexpr std::size_t kPlainBytes = kNumbers * kSortableNumberBytes + kDigestBytes;

std::string Header(const WatchedBy& watch) {
  return Framed("exitbus.watch-token.v1", {watch.stream, watch.function});
}

}  // namespace

std::string SealPosition(const Environment& environment, const WatchedBy& watch,
                         const WatchPosition& position) {
  std::string plain = SortableNumber(position.sequence) + SortableNumber(position.snapshot_at) +
                      SortableNumber(position.journal.sequence) + position.journal.digest;
  plain.resize(kPlainBytes);  // an empty journal has no digest
  return SealToken(environment, KeyUse::kWatchTokens, Header(watch), plain);
}

std::optional<WatchPosition> OpenPosition(const Environment& environment, const WatchedBy& watch,
                                          std::string_view token) {
  const auto plain = OpenToken(environment, KeyUse::kWatchTokens, Header(watch), token);
  if (!plain || plain->size() != kPlainBytes) return std::nullopt;
  std::array<std::uint64_t, kNumbers> numbers{};
  for (std::size_t i = 0; i < kNumbers; ++i) {
    numbers[i] = SortedNumber(plain->substr(i * kSortableNumberBytes, kSortableNumberBytes));
  }
  return WatchPosition{
      numbers[0], numbers[1], {numbers[2], plain->substr(kNumbers * kSortableNumberBytes)}};
}

}  // namespace exitbus::exchange
