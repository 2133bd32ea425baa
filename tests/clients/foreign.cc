#include "tests/clients/foreign.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "adapters/directory/files.h"
#include "services/exchange/ports/status_macros.h"
#include "tests/story/deployment.h"

namespace exitbus::story {
namespace {

constexpr char kPage[] = "/docs/clients.md";

std::vector<std::string> CellsOf(const std::string& line) {
  std::vector<std::string> cells;
  for (const auto cell : absl::StrSplit(line, '|')) {
    cells.emplace_back(absl::StripAsciiWhitespace(cell));
  }
  return cells;
}

}  // namespace

std::vector<std::string> LinesIn(const std::string& text) {
  return absl::StrSplit(text, '\n', absl::SkipEmpty());
}

std::vector<std::string> CommandOf(const Foreign& program,
                                   const std::vector<std::string>& variables,
                                   const std::vector<std::string>& words) {
  std::vector<std::string> command = {"env", "-C",
                                      Deployment::Program("../../clients/" + program.folder)};
  for (const auto* part : {&variables, &program.command, &words}) {
    command.insert(command.end(), part->begin(), part->end());
  }
  return command;
}

absl::StatusOr<std::string> Cell(const std::string& row, const std::string& column) {
  ASSIGN_OR_RETURN(const std::string page, adapters::ReadFile(Deployment::Source() + kPage));
  std::vector<std::string> columns;
  for (const std::string& line : LinesIn(page)) {
    if (!absl::StartsWith(line, "|")) {
      columns.clear();
      continue;
    }
    const std::vector<std::string> cells = CellsOf(line);
    if (columns.empty()) columns = cells;
    const auto at = std::find(columns.begin(), columns.end(), column);
    if (cells.at(1) == row && at != columns.end()) return cells.at(at - columns.begin());
  }
  return absl::NotFoundError(absl::StrCat(kPage, " has no row ", row, " with ", column));
}

absl::Status CheckVersion(const Foreign& program) {
  ASSIGN_OR_RETURN(const std::string cell, Cell(program.row, "library"));
  const std::string file =
      absl::StrCat(Deployment::Source(), "/tests/clients/", program.folder, "/", program.pinned_in);
  ASSIGN_OR_RETURN(const std::string pins, adapters::ReadFile(file));
  const std::string version(absl::StripPrefix(cell, program.library + " "));
  if (version == cell || !absl::StrContains(pins, absl::StrCat(program.pinned_by, version))) {
    return absl::FailedPreconditionError(absl::StrCat(cell, " is not what ", file, " has"));
  }
  return absl::OkStatus();
}

}  // namespace exitbus::story
