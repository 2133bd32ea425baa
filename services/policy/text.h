// Text from outside: whether it can be stored, shown and understood as text at all.
#pragma once

#include <cstddef>
#include <string_view>

namespace exitbus::policy {

struct TextLimits {
  std::size_t bytes_max = 0;
  bool lines = false;  // line breaks and tabs are allowed
};

// What is wrong with it, as "it …" goes on; "" if nothing is. Empty text is no fault; text that
// shows nothing is. Never repeats the text.
std::string_view FaultInText(std::string_view text, TextLimits limits);

// Printable ASCII without blanks and without '/', which parts keys.
std::string_view FaultInId(std::string_view id, std::size_t bytes_max);

}  // namespace exitbus::policy
