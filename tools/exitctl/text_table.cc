#include "tools/exitctl/text_table.h"

#include <algorithm>

#include "absl/strings/str_cat.h"

namespace exitbus::exitctl {
namespace {

constexpr std::size_t kGap = 2;

// Letters, not bytes: UTF-8's continuation bytes do not count.
std::size_t Width(const std::string& text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char byte) {
    return (static_cast<unsigned char>(byte) & 0xC0U) != 0x80U;
  }));
}

}  // namespace

std::string TextTable(const std::vector<std::vector<std::string>>& rows) {
  const std::size_t columns = rows.empty() ? 0 : rows.front().size();
  std::vector<std::size_t> widths(columns, 0);
  std::vector<bool> used(columns, false);
  for (std::size_t r = 0; r < rows.size(); ++r) {
    for (std::size_t c = 0; c < columns; ++c) {
      widths[c] = std::max(widths[c], Width(rows[r][c]));
      if (r > 0 && !rows[r][c].empty()) used[c] = true;
    }
  }
  std::string text;
  for (const auto& row : rows) {
    std::string line = "  ";
    for (std::size_t c = 0; c < columns; ++c) {
      if (!used[c]) continue;
      absl::StrAppend(&line, row[c], std::string(widths[c] - Width(row[c]) + kGap, ' '));
    }
    line.erase(line.find_last_not_of(' ') + 1);
    absl::StrAppend(&text, line, "\n");
  }
  return text;
}

}  // namespace exitbus::exitctl
