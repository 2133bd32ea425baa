// A mistake in a table is named by its row and its column, and none is overlooked.
#include "tests/tables/matrix.h"

#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"

namespace exitbus::tables {
namespace {

constexpr char kHead[] = R"(# As it should be.

holder: the light

      | OFF, DIM   | ON
------+------------+------------
Light | ON, tells  | no: it is on
      | everybody  |
<Dark | stays      | OFF

holder: always the same

               | always
---------------+-------
Sing           | refused unheard_of
<Bang          | stays

guest: all of it

               | OFF.. ON
---------------+---------
other commands | refused not_yours
<Dark          | stays
other messages | stays

words

no: it is on | refused already_on

inputs

Light | lamp: 1
<Bang |
)";

std::string Then(const std::string& side, const std::string& given, const std::string& input) {
  if (input == "<Bang" || side == "guest") return input[0] == '<' ? "stays" : "refused not_yours";
  if (input == "<Dark") return given == "ON" ? "OFF" : "stays";
  if (input == "Sing") return "refused unheard_of";
  return given == "ON" ? "refused already_on" : "ON, tells everybody";
}

std::string With(const std::string& text, const std::string& instead) {
  const std::string table = absl::StrReplaceAll(kHead, {{text, instead}});
  EXPECT_TRUE(text.empty() || table != kHead) << "does not say: " << text;
  std::istringstream stream(table);
  const Decided decided{{{"holder", {"OFF", "DIM", "ON"}}, {"guest", {"OFF", "ON"}}},
                        {"<Bang", "<Dark", "Light", "Sing"},
                        &Then};
  return MistakesIn(stream, "t", decided);
}

TEST(MatrixTest, ATableThatSaysWhatIsDecidedHasNone) { EXPECT_EQ(With("", ""), ""); }

TEST(MatrixTest, WhatARowSaysIsNoCell) {
  const std::string path = testing::TempDir() + "/matrix_test.table";
  std::ofstream(path) << kHead;
  const std::vector<TableInput> inputs = InputsIn(path);
  ASSERT_EQ(inputs.size(), 2U);
  EXPECT_EQ(inputs[0].name, "Light");
  EXPECT_EQ(inputs[0].text, "lamp: 1");
  EXPECT_EQ(inputs[1].name, "<Bang");
  EXPECT_EQ(inputs[1].text, "");
}

TEST(MatrixTest, ACellThatSaysSomethingElse) {
  EXPECT_EQ(With("<Dark | stays      | OFF", "<Dark | stays      | ←"),
            "t:9: holder, row <Dark, column ON: the table says \"stays\", it is \"OFF\"");
  EXPECT_EQ(With("      | everybody  |", "      | nobody     |"),
            "t:7: holder, row Light, column OFF: the table says \"ON, tells nobody\", it is \"ON, "
            "tells everybody\"\n"
            "t:7: holder, row Light, column DIM: the table says \"ON, tells nobody\", it is \"ON, "
            "tells everybody\"");
  EXPECT_EQ(With("refused unheard_of", "stays"),
            "t:15: holder, row Sing, column OFF: the table says \"stays\", it is \"refused "
            "unheard_of\"\n"
            "t:15: holder, row Sing, column DIM: the table says \"stays\", it is \"refused "
            "unheard_of\"\n"
            "t:15: holder, row Sing, column ON: the table says \"stays\", it is \"refused "
            "unheard_of\"");
}

TEST(MatrixTest, ACellThatIsMissingOrThereTwice) {
  EXPECT_EQ(With("OFF, DIM", "OFF     "),
            "t: holder, row <Dark, column DIM: no cell; it is \"stays\"\n"
            "t: holder, row Light, column DIM: no cell; it is \"ON, tells everybody\"");
  EXPECT_EQ(With("<Bang          | stays", "<Bang          | stays\n<Bang          | stays"),
            "t:17: holder, row <Bang, column OFF: there is another such cell\n"
            "t:17: holder, row <Bang, column DIM: there is another such cell\n"
            "t:17: holder, row <Bang, column ON: there is another such cell");
}

TEST(MatrixTest, ARowThatNoSideHas) {
  EXPECT_EQ(With("<Bang          | stays", "other messages | stays"), "t: no side has a row <Bang");
}

TEST(MatrixTest, WhatThereIsNot) {
  EXPECT_EQ(With("<Bang ", "<Bing "),
            "t:16: row <Bing: nothing is called so\n"
            "t: holder, row <Bang, column OFF: no cell; it is \"stays\"\n"
            "t: holder, row <Bang, column DIM: no cell; it is \"stays\"\n"
            "t: holder, row <Bang, column ON: no cell; it is \"stays\"\n"
            "t: no side has a row <Bang");
  EXPECT_EQ(With("OFF.. ON", "OFF..DIM"),
            "t:18: column OFF..DIM: there is no such thing given\n"
            "t: guest, row <Bang, column OFF: no cell; it is \"stays\"\n"
            "t: guest, row <Bang, column ON: no cell; it is \"stays\"\n"
            "t: guest, row <Dark, column OFF: no cell; it is \"stays\"\n"
            "t: guest, row <Dark, column ON: no cell; it is \"stays\"\n"
            "t: guest, row Light, column OFF: no cell; it is \"refused not_yours\"\n"
            "t: guest, row Light, column ON: no cell; it is \"refused not_yours\"\n"
            "t: guest, row Sing, column OFF: no cell; it is \"refused not_yours\"\n"
            "t: guest, row Sing, column ON: no cell; it is \"refused not_yours\"");
  EXPECT_EQ(With("guest: all", "ghost: all").substr(0, 40),
            "t:18: ghost: there is no such side, or n");
}

TEST(MatrixTest, ARowThatIsNotAsWideAsItsHead) {
  EXPECT_EQ(With("<Dark | stays      | OFF", "<Dark | stays"),
            "t:9: row <Dark: not as many cells as columns\n"
            "t: holder, row <Dark, column OFF: no cell; it is \"stays\"\n"
            "t: holder, row <Dark, column DIM: no cell; it is \"stays\"\n"
            "t: holder, row <Dark, column ON: no cell; it is \"OFF\"");
}

TEST(MatrixTest, WordsThatNoCellSaysOrThatSayTwoThings) {
  EXPECT_EQ(With("words\n", "words\n\nno: never   | refused never\n"),
            "t: no cell says: no: never");
  EXPECT_EQ(With("words\n", "words\n\nno: it is on | refused already_on\n"),
            "t:30: these words stand for something above: no: it is on");
}

TEST(MatrixTest, ATableThatIsNotThere) {
  EXPECT_EQ(MistakesIn("no/such.table", {{{"holder", {"OFF"}}}, {"Light"}, &Then}),
            "no/such.table: holder, row Light, column OFF: no cell; it is \"ON, tells everybody\"\n"
            "no/such.table: no side has a row Light");
}

}  // namespace
}  // namespace exitbus::tables
