// The handover's decision table, cell by cell: tests/tables/handover.table.
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <iostream>
#include <set>
#include <sstream>

#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "tests/casework/given.h"

namespace exitbus::casework {
namespace {

constexpr char kTable[] = "tests/tables/handover.table";
struct Row {
  int line;
  std::string side, stage, when, then;
};

std::vector<Row> ReadTable() {
  std::ifstream file(kTable);
  std::vector<Row> rows;
  std::string line;
  for (int number = 1; std::getline(file, line); ++number) {
    if (line.empty() || line[0] == '#') continue;
    std::istringstream words(line);
    Row row{number, "", "", "", ""};
    words >> row.side >> row.stage >> row.when;
    std::getline(words >> std::ws, row.then);
    rows.push_back(row);
  }
  return rows;
}

TEST(HandoverTableTest, EveryCellIsAsTheTableSays) {
  const std::vector<Row> rows = ReadTable();
  ASSERT_FALSE(rows.empty()) << kTable << " could not be read";
  for (const Row& row : rows) {
    EXPECT_EQ(Then(Given(row.side, row.stage), row.when), row.then)
        << kTable << ":" << row.line << ": " << row.side << " " << row.stage << " when "
        << row.when;
  }
}

TEST(HandoverTableTest, NoCellIsMissing) {
  std::set<std::string> decided;
  for (const Row& row : ReadTable()) {
    EXPECT_TRUE(decided.insert(row.side + " " + row.stage + " " + row.when).second)
        << kTable << ":" << row.line << ": this cell was decided above";
  }
  for (const std::string& side : kSides) {
    for (const std::string& stage : kStages) {
      for (const std::string& when : Occasions()) {
        EXPECT_EQ(decided.count(side + " " + stage + " " + when), 1U)
            << "no row for: " << side << " " << stage << " " << when << " "
            << Then(Given(side, stage), when);
      }
    }
  }
}

}  // namespace
}  // namespace exitbus::casework
