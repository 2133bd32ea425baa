#include "tools/exitctl/colours.h"

#include <string_view>

#include "absl/strings/str_cat.h"

namespace exitbus::exitctl {
namespace {

std::string_view Variable(const Environment& environment, const std::string& name) {
  const char* value = environment(name);
  return value == nullptr ? "" : value;
}

const char* Code(Colour colour) {
  switch (colour) {
    case Colour::kPlain:
      return "";
    case Colour::kDim:
      return "2";
    case Colour::kGreen:
      return "32";
    case Colour::kYellow:
      return "33";
    case Colour::kRed:
      return "31";
  }
  return "";
}

}  // namespace

std::string In(Colour colour, const std::string& text) {
  return colour == Colour::kPlain ? text
                                  : absl::StrCat("\x1b[", Code(colour), "m", text, "\x1b[0m");
}

absl::StatusOr<bool> WantsColours(const Invocation& on) {
  const std::string word = on.said.Value("--color").value_or("auto");
  if (word == "always") return true;
  if (word == "never") return false;
  if (word != "auto") {
    return absl::InvalidArgumentError("--color is auto, always or never, not " + word);
  }
  return on.terminal.is_screen && Variable(on.environment, "NO_COLOR").empty() &&
         Variable(on.environment, "TERM") != "dumb";
}

}  // namespace exitbus::exitctl
