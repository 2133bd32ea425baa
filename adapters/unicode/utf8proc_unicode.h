// The Unicode port on utf8proc.
#pragma once

#include <string>
#include <string_view>

#include "services/exchange/ports/unicode.h"

namespace exitbus::adapters {

class Utf8procUnicode final : public exchange::Unicode {
 public:
  std::string Folded(std::string_view name) const override;
};

}  // namespace exitbus::adapters
