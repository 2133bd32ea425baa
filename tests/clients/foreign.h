// Programs of other languages, as tests/clients/prepare.sh has made them ready to run, and what
// docs/clients.md says of them.
#pragma once

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace exitbus::story {

struct Foreign {
  std::string row;                   // in docs/clients.md
  std::string folder;                // in tests/clients, and in build/clients
  std::vector<std::string> command;  // from there
  std::string library;               // as its row calls it, before the version
  std::string pinned_in;             // which of its files says the version,
  std::string pinned_by;             // and what stands before it there
};

// What runs it with these VARIABLE=VALUE and words.
std::vector<std::string> CommandOf(const Foreign& program,
                                   const std::vector<std::string>& variables,
                                   const std::vector<std::string>& words);

// A cell of the table in docs/clients.md that has both.
absl::StatusOr<std::string> Cell(const std::string& row, const std::string& column);

// OK if the library's version in the row is the one that the folder asks for.
absl::Status CheckVersion(const Foreign& program);

std::vector<std::string> LinesIn(const std::string& text);

}  // namespace exitbus::story
