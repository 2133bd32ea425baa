// The grants in policy.proto against tests/tables/categories.table, two transcriptions of one
// matrix: every category, reader, detail and set of conditions.
#include <fstream>
#include <map>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "gtest/gtest.h"
#include "services/policy/view.h"

namespace exitbus::policy {
namespace {

constexpr char kTable[] = "tests/tables/categories.table";

struct Entry {
  v1::Detail detail;
  ConditionSet conditions;
};
using Cell = std::vector<Entry>;
struct Matrix {
  std::vector<std::string> readers;
  std::map<std::string, std::vector<Cell>> rows;
};

v1::Reader ReaderNamed(const std::string& column) {
  static const std::map<std::string, v1::Reader> readers = {
      {"MKO", v1::READER_MUNICIPALITY},
      {"JOB", v1::READER_JOBCENTRE},
      {"BSS", v1::READER_CITIZEN_SERVICE},
      {"FAM", v1::READER_FAMILY_CENTRE},
      {"KRF", v1::READER_KRIMINALFORSORGEN},
      {"PEX", v1::READER_POLICE},
      {"KPT", v1::READER_CONTACT_POINT},
      {"NEO", v1::READER_NEC_OVERVIEW},
      {"NGL", v1::READER_NEC_GANG_LIST},
      {"RKO", v1::READER_RECEIVER},
      {"MEN", v1::READER_MENTOR},
      {"OPR", v1::READER_OPERATOR},
      {"FMR", v1::READER_FORMER},
      {"PX2", v1::READER_RECEIVING_POLICE},
  };
  return readers.at(column);
}

v1::Condition ConditionNamed(const std::string& letter) {
  static const std::map<std::string, v1::Condition> conditions = {
      {"O", v1::CONDITION_OWN_PART},
      {"K", v1::CONDITION_SUPERVISION_OR_CUSTODY},
      {"C", v1::CONDITION_LEGAL_BASIS},
      {"U", v1::CONDITION_UNTIL_TAKE_OVER},
  };
  return conditions.at(letter);
}

void AddEntry(const std::string& text, ConditionSet conditions, Cell& cell) {
  if (text == "-") return;
  static const std::map<std::string, v1::Detail> details = {{"F", v1::DETAIL_FULL},
                                                            {"S", v1::DETAIL_SUMMARY},
                                                            {"P", v1::DETAIL_CODE},
                                                            {"O", v1::DETAIL_FULL}};
  const std::vector<std::string> words = absl::StrSplit(text, ' ');
  for (std::size_t i = words[0] == "O" ? 0 : 1; i < words.size(); ++i) {
    conditions.Add(ConditionNamed(words[i]));
  }
  cell.push_back({details.at(words[0]), conditions});
}

Cell ParseCell(const std::string& text) {
  Cell cell;
  const std::vector<std::string> halves = absl::StrSplit(text, " / ");
  const std::vector<std::string> entries = absl::StrSplit(halves[0], "; ");
  for (const std::string& entry : entries) AddEntry(entry, {}, cell);
  if (halves.size() == 2) AddEntry(halves[1], {v1::CONDITION_AFTER_ACCEPTANCE}, cell);
  return cell;
}

Matrix ReadMatrix() {
  Matrix matrix;
  std::ifstream file(kTable);
  for (std::string line; std::getline(file, line);) {
    if (line.empty() || line[0] == '#') continue;
    std::vector<std::string> columns = absl::StrSplit(line, '|');
    for (std::string& column : columns) absl::StripAsciiWhitespace(&column);
    if (columns[0] == "category") {
      matrix.readers.assign(columns.begin() + 1, columns.end());
      continue;
    }
    EXPECT_EQ(columns.size(), matrix.readers.size() + 1) << line;
    std::vector<Cell>& cells = matrix.rows[columns[0]];
    for (std::size_t i = 1; i < columns.size(); ++i) cells.push_back(ParseCell(columns[i]));
  }
  return matrix;
}

bool Expected(const Cell& cell, v1::Detail detail, ConditionSet held) {
  for (const Entry& entry : cell) {
    if (entry.detail >= detail && held.HasAll(entry.conditions)) return true;
  }
  return false;
}

ConditionSet ConditionsOf(int bits) {
  ConditionSet held;
  for (int i = v1::Condition_MIN + 1; i <= v1::Condition_MAX; ++i) {
    if (bits & (1 << (i - 1))) held.Add(static_cast<v1::Condition>(i));
  }
  return held;
}

TEST(CategoryMatrix, NamesEveryCategoryAndEveryReader) {
  const Matrix matrix = ReadMatrix();
  EXPECT_EQ(matrix.rows.size(), 27u);
  EXPECT_EQ(matrix.readers.size(), static_cast<std::size_t>(v1::Reader_MAX));
  for (int i = 1; i <= v1::Category_MAX; ++i) {
    const std::string name = v1::Category_Name(i).substr(std::string("CATEGORY_").size());
    EXPECT_EQ(matrix.rows.count(name), 1u) << name;
  }
}

TEST(CategoryMatrix, EveryCellAgreesWithTheContractUnderEverySetOfConditions) {
  const Matrix matrix = ReadMatrix();
  int cells = 0;
  for (const auto& [name, row] : matrix.rows) {
    v1::Category category = v1::CATEGORY_UNSPECIFIED;
    ASSERT_TRUE(v1::Category_Parse(absl::StrCat("CATEGORY_", name), &category)) << name;
    for (std::size_t i = 0; i < row.size(); ++i) {
      for (int bits = 0; bits < 1 << v1::Condition_MAX; ++bits) {
        const View view{ReaderNamed(matrix.readers[i]), v1::LEVEL_FULL, ConditionsOf(bits)};
        for (v1::Detail detail : {v1::DETAIL_CODE, v1::DETAIL_SUMMARY, v1::DETAIL_FULL}) {
          EXPECT_EQ(MaySee(view, category, detail), Expected(row[i], detail, view.held))
              << name << " for " << matrix.readers[i] << ", " << v1::Detail_Name(detail)
              << ", conditions " << bits;
          ++cells;
        }
      }
    }
  }
  EXPECT_EQ(cells, 27 * 14 * 64 * 3);
}

TEST(CategoryMatrix, DetailLeftOutMeansFull) {
  const View contact_point{v1::READER_CONTACT_POINT};
  EXPECT_TRUE(MaySee(contact_point, v1::CATEGORY_NAME, v1::DETAIL_SUMMARY));
  EXPECT_FALSE(MaySee(contact_point, v1::CATEGORY_NAME, v1::DETAIL_UNSPECIFIED));
}

TEST(CategoryMatrix, NobodyIsNobodyAndNothingIsNothing) {
  EXPECT_FALSE(MaySee(View{}, v1::CATEGORY_ENVELOPE, v1::DETAIL_CODE));
  EXPECT_FALSE(MaySee(View{v1::READER_POLICE}, v1::CATEGORY_UNSPECIFIED, v1::DETAIL_CODE));
  EXPECT_FALSE(MaySee(View{v1::READER_POLICE, v1::LEVEL_UNSPECIFIED}, v1::CATEGORY_ENVELOPE,
                      v1::DETAIL_CODE));
}

// The most of a category that a level lets through to a reader who may have all of it.
v1::Detail UpTo(v1::Level level, v1::Category category) {
  v1::Detail most = v1::DETAIL_UNSPECIFIED;
  for (int reader = 1; reader <= v1::Reader_MAX; ++reader) {
    const View view{static_cast<v1::Reader>(reader), level, ConditionsOf((1 << 6) - 1)};
    for (v1::Detail detail : {v1::DETAIL_CODE, v1::DETAIL_SUMMARY, v1::DETAIL_FULL}) {
      if (detail > most && MaySee(view, category, detail)) most = detail;
    }
  }
  return most;
}

TEST(Levels, LetThroughWhatTheyAreForAndNothingElse) {
  const std::map<v1::Category, v1::Detail> minimum = {
      {v1::CATEGORY_CASE_ID, v1::DETAIL_FULL},
      {v1::CATEGORY_CASE_STATE, v1::DETAIL_FULL},
      {v1::CATEGORY_LEGAL_BASIS, v1::DETAIL_SUMMARY},
      {v1::CATEGORY_ENVELOPE, v1::DETAIL_FULL},
  };
  std::map<v1::Category, v1::Detail> core = minimum;
  core[v1::CATEGORY_CPR_NUMBER] = v1::DETAIL_FULL;
  core[v1::CATEGORY_NAME] = v1::DETAIL_FULL;
  core[v1::CATEGORY_RELOCATION_DESTINATION] = v1::DETAIL_CODE;
  core[v1::CATEGORY_AGREEMENT] = v1::DETAIL_SUMMARY;
  core[v1::CATEGORY_BREACH] = v1::DETAIL_CODE;
  for (int i = 1; i <= v1::Category_MAX; ++i) {
    const auto category = static_cast<v1::Category>(i);
    const auto expect = [&](const std::map<v1::Category, v1::Detail>& level) {
      auto found = level.find(category);
      return found == level.end() ? v1::DETAIL_UNSPECIFIED : found->second;
    };
    EXPECT_EQ(UpTo(v1::LEVEL_MINIMUM, category), expect(minimum)) << v1::Category_Name(category);
    EXPECT_EQ(UpTo(v1::LEVEL_CORE, category), expect(core)) << v1::Category_Name(category);
    EXPECT_EQ(UpTo(v1::LEVEL_FULL, category), v1::DETAIL_FULL) << v1::Category_Name(category);
  }
}

// The invariants that stand below the matrix, in words of their own.
TEST(Invariants, HealthNeverReachesPoliceOrNecAndTheContactPointOnlyACode) {
  const ConditionSet everything = ConditionsOf((1 << 6) - 1);
  for (v1::Reader reader : {v1::READER_POLICE, v1::READER_RECEIVING_POLICE, v1::READER_NEC_OVERVIEW,
                            v1::READER_NEC_GANG_LIST}) {
    EXPECT_FALSE(
        MaySee({reader, v1::LEVEL_FULL, everything}, v1::CATEGORY_HEALTH, v1::DETAIL_CODE));
  }
  const View contact_point{v1::READER_CONTACT_POINT, v1::LEVEL_FULL, everything};
  EXPECT_FALSE(MaySee(contact_point, v1::CATEGORY_HEALTH, v1::DETAIL_SUMMARY));
}

TEST(Invariants, TheReceiverSeesNoIdentityBeforeAcceptance) {
  const View before{v1::READER_RECEIVER, v1::LEVEL_FULL, {v1::CONDITION_LEGAL_BASIS}};
  for (v1::Category category : {v1::CATEGORY_CPR_NUMBER, v1::CATEGORY_NAME, v1::CATEGORY_ADDRESS}) {
    EXPECT_FALSE(MaySee(before, category, v1::DETAIL_CODE)) << v1::Category_Name(category);
  }
  EXPECT_FALSE(MaySee(before, v1::CATEGORY_CASE_ID, v1::DETAIL_FULL));
}

TEST(Invariants, TheNewAddressStaysWithThoseWhoNeedIt) {
  ConditionSet moved = ConditionsOf((1 << 6) - 1);
  moved.Remove(v1::CONDITION_UNTIL_TAKE_OVER);
  for (v1::Reader reader : {v1::READER_NEC_OVERVIEW, v1::READER_CONTACT_POINT, v1::READER_FORMER,
                            v1::READER_MENTOR, v1::READER_MUNICIPALITY}) {
    EXPECT_FALSE(MaySee({reader, v1::LEVEL_FULL, moved}, v1::CATEGORY_RELOCATION_DESTINATION,
                        v1::DETAIL_FULL))
        << v1::Reader_Name(reader);
  }
}

}  // namespace
}  // namespace exitbus::policy
