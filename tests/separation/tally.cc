#include "tests/separation/tally.h"

#include <gtest/gtest.h>

#include <iomanip>
#include <iostream>
#include <map>
#include <mutex>
#include <vector>

namespace exitbus::story {
namespace {

// What tools/test separation shows.
constexpr char kPrefix[] = "[ separation ] ";

struct Row {
  int cells = 0;
  int refused = 0;
};

struct Sheet {
  std::mutex mutex;
  std::map<std::string, Row> rows;  // by surface
  std::vector<std::string> notes;
};

Sheet& TheSheet() {
  static auto* sheet = new Sheet;
  return *sheet;
}

class TallyEnvironment : public ::testing::Environment {
 public:
  void TearDown() override {
    Sheet& sheet = TheSheet();
    const std::lock_guard<std::mutex> lock(sheet.mutex);
    Row sum;
    Print("surface", "tried", "refused");
    for (const auto& [surface, row] : sheet.rows) {
      Print(surface, std::to_string(row.cells), std::to_string(row.refused));
      sum.cells += row.cells;
      sum.refused += row.refused;
    }
    Print("all", std::to_string(sum.cells), std::to_string(sum.refused));
    for (const std::string& note : sheet.notes) std::cout << kPrefix << note << "\n";
  }

 private:
  static void Print(const std::string& surface, const std::string& cells,
                    const std::string& refused) {
    std::cout << kPrefix << std::left << std::setw(56) << surface << std::right << std::setw(8)
              << cells << std::setw(9) << refused << "\n";
  }
};

const auto* const kEnvironment = ::testing::AddGlobalTestEnvironment(new TallyEnvironment);

}  // namespace

void Tally::Count(const std::string& surface, int cells, int refused) {
  Sheet& sheet = TheSheet();
  const std::lock_guard<std::mutex> lock(sheet.mutex);
  sheet.rows[surface].cells += cells;
  sheet.rows[surface].refused += refused;
}

void Tally::Note(const std::string& line) {
  Sheet& sheet = TheSheet();
  const std::lock_guard<std::mutex> lock(sheet.mutex);
  sheet.notes.push_back(line);
}

}  // namespace exitbus::story
