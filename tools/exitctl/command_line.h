// What was typed, taken apart: words, and options anywhere among them.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace exitbus::exitctl {

struct CommandLine {
  std::vector<std::string> words;
  std::vector<std::pair<std::string, std::string>> options;  // "--to", its value; in order

  bool Has(const std::string& option) const;
  // The last one counts.
  std::optional<std::string> Value(const std::string& option) const;
  std::vector<std::string> Values(const std::string& option) const;

  // INVALID_ARGUMENT: an option that is not in `known`, with the nearest that is.
  absl::Status CheckOptions(const std::set<std::string>& known) const;
};

// "--name value" or "--name=value"; those in `flags` take no value; "--" ends the options; "-h" is
// "--help". INVALID_ARGUMENT: a value is missing, or not wanted.
absl::StatusOr<CommandLine> ParseCommandLine(const std::vector<std::string>& arguments,
                                             const std::set<std::string>& flags);

}  // namespace exitbus::exitctl
