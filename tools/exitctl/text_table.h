// Columns that line up, also with letters of more than one byte.
#pragma once

#include <string>
#include <vector>

namespace exitbus::exitctl {

// Every row on a line of its own, each indented by two; columns that are empty but for the first
// row, the heads, are left out.
std::string TextTable(const std::vector<std::vector<std::string>>& rows);

}  // namespace exitbus::exitctl
