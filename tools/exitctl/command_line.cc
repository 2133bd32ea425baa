#include "tools/exitctl/command_line.h"

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "tools/exitctl/names.h"

namespace exitbus::exitctl {

bool CommandLine::Has(const std::string& option) const { return Value(option).has_value(); }

std::optional<std::string> CommandLine::Value(const std::string& option) const {
  const std::vector<std::string> values = Values(option);
  if (values.empty()) return std::nullopt;
  return values.back();
}

std::vector<std::string> CommandLine::Values(const std::string& option) const {
  std::vector<std::string> values;
  for (const auto& [name, value] : options) {
    if (name == option) values.push_back(value);
  }
  return values;
}

absl::Status CommandLine::CheckOptions(const std::set<std::string>& known) const {
  for (const auto& [name, value] : options) {
    if (known.count(name) > 0) continue;
    return absl::InvalidArgumentError(
        absl::StrCat(name, " is no option here.",
                     DidYouMean(Near(name, std::vector<std::string>(known.begin(), known.end())))));
  }
  return absl::OkStatus();
}

absl::StatusOr<CommandLine> ParseCommandLine(const std::vector<std::string>& arguments,
                                             const std::set<std::string>& flags) {
  CommandLine line;
  bool options_ended = false;
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const std::string& argument = arguments[i];
    if (argument == "-h") {
      line.options.emplace_back("--help", "");
    } else if (options_ended || !absl::StartsWith(argument, "-") || argument == "-") {
      line.words.push_back(argument);
    } else if (argument == "--") {
      options_ended = true;
    } else {
      const std::size_t equals = argument.find('=');
      const std::string name = argument.substr(0, equals);
      const bool flag = flags.count(name) > 0;
      if (flag && equals != std::string::npos) {
        return absl::InvalidArgumentError(name + " takes no value");
      }
      if (flag) {
        line.options.emplace_back(name, "");
      } else if (equals != std::string::npos) {
        line.options.emplace_back(name, argument.substr(equals + 1));
      } else if (i + 1 < arguments.size()) {
        line.options.emplace_back(name, arguments[++i]);
      } else {
        return absl::InvalidArgumentError(name + " wants a value");
      }
    }
  }
  return line;
}

}  // namespace exitbus::exitctl
