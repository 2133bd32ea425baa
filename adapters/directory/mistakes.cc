#include "adapters/directory/mistakes.h"

namespace exitbus::adapters {

void Mistakes::Add(std::string_view where, std::string_view problem, std::string_view remedy) {
  std::string line(where);
  line.append(": ").append(problem).append("; ").append(remedy);
  lines_.push_back(std::move(line));
}

absl::Status Mistakes::ToStatus(std::string_view file) const {
  if (lines_.empty()) return absl::OkStatus();
  std::string text(file);
  text += lines_.size() == 1 ? ": 1 mistake" : ": " + std::to_string(lines_.size()) + " mistakes";
  for (const std::string& line : lines_) text += "\n  " + line;
  return absl::InvalidArgumentError(text);
}

}  // namespace exitbus::adapters
