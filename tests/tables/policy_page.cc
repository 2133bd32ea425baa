#include "tests/tables/policy_page.h"

#include <fstream>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"

namespace exitbus::tables {

const std::map<std::string, std::map<std::string, std::set<std::string>>>& PolicyPage() {
  static const auto* page = [] {
    auto* messages = new std::map<std::string, std::map<std::string, std::set<std::string>>>;
    std::ifstream file("docs/policy.md");
    std::string message;
    for (std::string line; std::getline(file, line);) {
      if (line.starts_with("### ")) (*messages)[message = line.substr(4)];
      if (line.starts_with("## ")) message.clear();
      if (message.empty() || !line.starts_with("| `")) continue;
      const std::vector<std::string> columns = absl::StrSplit(line, '|');
      auto& to = (*messages)[message][absl::StrReplaceAll(columns.at(1), {{"`", ""}, {" ", ""}})];
      for (std::string name : std::vector<std::string>(absl::StrSplit(columns.at(3), ", "))) {
        absl::StripAsciiWhitespace(&name);
        to.insert(name);
      }
      to.erase("–");
    }
    return messages;
  }();
  return *page;
}

}  // namespace exitbus::tables
