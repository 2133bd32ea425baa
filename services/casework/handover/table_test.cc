// The handover's decision table, cell by cell: handover.table.
#include <gtest/gtest.h>

#include "services/casework/handover/given_testing.h"
#include "tests/tables/matrix.h"

namespace exitbus::casework {
namespace {

// In the table a stage that is as it was "stays".
std::string InTheTablesWords(const std::string& side, const std::string& stage,
                             const std::string& when) {
  const std::string then = Then(Given(side, stage), when);
  return then.substr(0, then.find(',')) == stage ? "stays" + then.substr(stage.size()) : then;
}

TEST(HandoverTableTest, EachCellIsAsTheTableSays) {
  const std::string mistakes = tables::MistakesIn(
      "services/casework/handover/handover.table",
      {{{"holder", kStages}, {"receiver", kStages}}, Occasions(), &InTheTablesWords});
  EXPECT_TRUE(mistakes.empty()) << mistakes;
}

}  // namespace
}  // namespace exitbus::casework
