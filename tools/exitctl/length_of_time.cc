#include "tools/exitctl/length_of_time.h"

#include <cstdint>

#include "absl/strings/numbers.h"

namespace exitbus::exitctl {

std::optional<absl::Duration> LengthOfTime(const std::string& text) {
  constexpr std::int32_t kDaysMax = 100'000;
  if (!text.empty() && text.back() == 'd') {
    std::int32_t days = 0;
    if (!absl::SimpleAtoi(text.substr(0, text.size() - 1), &days) || days < 0 || days > kDaysMax) {
      return std::nullopt;
    }
    return absl::Hours(24 * days);
  }
  absl::Duration length;
  if (!absl::ParseDuration(text, &length) || length < absl::ZeroDuration()) return std::nullopt;
  return length;
}

}  // namespace exitbus::exitctl
