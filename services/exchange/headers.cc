#include "services/exchange/headers.h"

#include <algorithm>
#include <set>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "services/exchange/ports/bus.h"

namespace exitbus::exchange {
namespace {

constexpr std::size_t kHeadersMax = 32;
constexpr std::size_t kBytesMax = 256;

bool IsSound(std::string_view text) {
  return text.size() <= kBytesMax &&
         std::all_of(text.begin(), text.end(), [](char c) { return absl::ascii_isprint(c); });
}

}  // namespace

bool AreSound(const BusRecord& record) {
  if (record.headers.size() > kHeadersMax) return false;
  std::set<std::string_view> names;
  return std::all_of(record.headers.begin(), record.headers.end(), [&](const auto& header) {
    return IsSound(header.first) && IsSound(header.second) && names.insert(header.first).second;
  });
}

std::string HeaderOf(const BusRecord& record, std::string_view name) {
  for (const auto& [key, value] : record.headers) {
    if (key != name) continue;
    return IsSound(value) ? value : absl::CHexEscape(value).substr(0, kBytesMax);
  }
  return "";
}

}  // namespace exitbus::exchange
