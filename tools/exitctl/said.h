// What was said to a command: the values of its parameters by their names, "--to" or "ID".
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace exitbus::exitctl {

struct Said {
  std::map<std::string, std::vector<std::string>> values;  // in order; none is empty

  bool Has(const std::string& name) const { return values.count(name) > 0; }
  std::vector<std::string> Values(const std::string& name) const {
    const auto found = values.find(name);
    return found == values.end() ? std::vector<std::string>() : found->second;
  }
  // The last one counts.
  std::optional<std::string> Value(const std::string& name) const {
    const auto found = values.find(name);
    return found == values.end() ? std::nullopt : std::optional(found->second.back());
  }
  // Of a parameter that must be said, and so was.
  const std::string& operator[](const std::string& name) const { return values.at(name).back(); }
};

}  // namespace exitbus::exitctl
