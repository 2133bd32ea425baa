#include "services/exchange/watch_token.h"

#include <array>

#include "absl/strings/escaping.h"
#include "services/exchange/context.h"
#include "services/exchange/transaction.h"

namespace exitbus::exchange {
namespace {

constexpr std::size_t kNumbers = 3;
constexpr std::size_t kPlainBytes = kNumbers * kSortableNumberBytes + kDigestBytes;

std::string Header(std::string_view stream) { return "watch " + std::string(stream); }

}  // namespace

std::string SealPosition(const Context& context, std::string_view stream,
                         const WatchPosition& position) {
  std::string plain = SortableNumber(position.sequence) + SortableNumber(position.snapshot_at) +
                      SortableNumber(position.journal.sequence) + position.journal.digest;
  plain.resize(kPlainBytes);  // an empty journal has no digest
  std::string token;
  absl::WebSafeBase64Escape(
      context.crypto->Encrypt(context.secrets.index_key, Header(stream), plain), &token);
  return token;
}

std::optional<WatchPosition> OpenPosition(const Context& context, std::string_view stream,
                                          std::string_view token) {
  std::string sealed;
  if (!absl::WebSafeBase64Unescape(std::string(token), &sealed)) return std::nullopt;
  const auto plain = context.crypto->Decrypt(context.secrets.index_key, Header(stream), sealed);
  if (!plain.ok() || plain->size() != kPlainBytes) return std::nullopt;
  std::array<std::uint64_t, kNumbers> numbers{};
  for (std::size_t i = 0; i < kNumbers; ++i) {
    numbers[i] = SortedNumber(plain->substr(i * kSortableNumberBytes, kSortableNumberBytes));
  }
  return WatchPosition{
      numbers[0], numbers[1], {numbers[2], plain->substr(kNumbers * kSortableNumberBytes)}};
}

}  // namespace exitbus::exchange
