// Colours on a terminal, where they are wanted.
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "tools/exitctl/commands.h"

namespace exitbus::exitctl {

enum class Colour { kPlain, kDim, kGreen, kYellow, kRed };

// `text` in it, to be written past what guards the terminal (Terminal::raw_out). It steers no
// terminal itself.
std::string In(Colour colour, const std::string& text);

// As --color says: always, never, or auto, which is on a terminal that has colours and without
// NO_COLOR (no-color.org). INVALID_ARGUMENT: another word.
absl::StatusOr<bool> WantsColours(const Invocation& on);

}  // namespace exitbus::exitctl
