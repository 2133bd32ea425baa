// All that is wrong with a file, told at once, so that an operator repairs it in one go.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"

namespace exitbus::adapters {

class Mistakes {
 public:
  // `where` is the field, or "near line 3".
  void Add(std::string_view where, std::string_view problem, std::string_view remedy);

  bool empty() const { return lines_.empty(); }

  // OK, or INVALID_ARGUMENT naming `file` and every mistake, one a line.
  absl::Status ToStatus(std::string_view file) const;

 private:
  std::vector<std::string> lines_;
};

}  // namespace exitbus::adapters
