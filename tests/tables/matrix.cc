#include "tests/tables/matrix.h"

#include <algorithm>
#include <fstream>
#include <map>
#include <set>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"

namespace exitbus::tables {
namespace {

constexpr char kWords[] = "words";
constexpr char kInputs[] = "inputs";

struct Row {
  int line;
  std::vector<std::string> cells;  // the first is its name, of the head empty
};

struct Matrix {
  int line;
  std::string side;
  std::vector<Row> rows;  // the first is its head
};

class Reader {
 public:
  Reader(const std::string& name, const Decided& decided) : name_(name), decided_(decided) {}

  std::string Mistakes(std::istream& table) {
    Parse(table);
    for (const Matrix& matrix : matrices_) Judge(matrix);
    for (const Side& side : decided_.sides) ExpectComplete(side);
    for (const std::string& input : decided_.inputs) {
      const bool named = std::any_of(named_.begin(), named_.end(),
                                     [&](const auto& side) { return side.second.contains(input); });
      if (!named) Complain(0, absl::StrCat("no side has a row ", input));
    }
    for (const auto& [word, meaning] : words_) {
      if (!used_.contains(word)) Complain(0, absl::StrCat("no cell says: ", word));
    }
    return absl::StrJoin(mistakes_, "\n");
  }

  std::vector<TableInput> InputsOf(std::istream& table) {
    Parse(table);
    return inputs_;
  }

 private:
  void Complain(int line, const std::string& what) {
    mistakes_.push_back(line == 0 ? absl::StrCat(name_, ": ", what)
                                  : absl::StrCat(name_, ":", line, ": ", what));
  }

  void Parse(std::istream& table) {
    std::string text;
    bool new_row = true;
    for (int line = 1; std::getline(table, text); ++line) {
      if (text.empty() || text[0] == '#') continue;
      if (text.find_first_not_of("-+") == std::string::npos) {
        new_row = true;
      } else if (text.find('|') == std::string::npos) {
        matrices_.push_back({line, text.substr(0, text.find(':')), {}});
        new_row = true;
      } else {
        ParseRow(line, text, new_row);
        new_row = false;
      }
    }
    for (const Row& row : Take(kWords)) {
      if (words_.emplace(row.cells[0], row.cells[1]).second) continue;
      Complain(row.line, absl::StrCat("these words stand for something above: ", row.cells[0]));
    }
    for (const Row& row : Take(kInputs)) inputs_.push_back({row.cells[0], row.cells[1]});
    for (const Matrix& matrix : matrices_) {
      for (const Row& row : matrix.rows) named_[matrix.side].insert(row.cells[0]);
    }
  }

  // The rows of all matrices of this name, which are no side's.
  std::vector<Row> Take(const char* name) {
    std::vector<Row> rows;
    const auto taken =
        std::stable_partition(matrices_.begin(), matrices_.end(),
                              [&](const Matrix& matrix) { return matrix.side != name; });
    for (auto matrix = taken; matrix != matrices_.end(); ++matrix) {
      rows.insert(rows.end(), matrix->rows.begin(), matrix->rows.end());
    }
    matrices_.erase(taken, matrices_.end());
    return rows;
  }

  void ParseRow(int line, const std::string& text, bool new_row) {
    std::vector<std::string> cells = absl::StrSplit(text, '|');
    for (std::string& cell : cells) absl::StripAsciiWhitespace(&cell);
    if (matrices_.empty()) return Complain(line, "a row before the first title");
    std::vector<Row>& rows = matrices_.back().rows;
    if (!rows.empty() && rows[0].cells.size() != cells.size()) {
      return Complain(line, absl::StrCat("row ", cells[0], ": not as many cells as columns"));
    }
    if (new_row || !cells[0].empty()) {
      rows.push_back({line, cells});
      return;
    }
    for (std::size_t i = 1; i < cells.size(); ++i) {
      std::string& above = rows.back().cells[i];
      if (!above.empty() && !cells[i].empty()) above += " ";
      above += cells[i];
    }
  }

  // What a column's head names: "A", "A, B", "A..C", "always".
  std::vector<std::string> Given(const Matrix& matrix, const std::string& head, const Side& side) {
    if (head == "always") return side.given;
    std::vector<std::string> names;
    for (const auto part : absl::StrSplit(head, ',')) {
      std::vector<std::string> ends = absl::StrSplit(part, "..");
      for (std::string& end : ends) absl::StripAsciiWhitespace(&end);
      const auto first = std::find(side.given.begin(), side.given.end(), ends.front());
      const auto last = std::find(first, side.given.end(), ends.back());
      if (last == side.given.end()) {
        Complain(matrix.line, absl::StrCat("column ", head, ": there is no such thing given"));
      } else {
        names.insert(names.end(), first, last + 1);
      }
    }
    return names;
  }

  // The inputs that a row is about.
  std::vector<std::string> Inputs(const Matrix& matrix, const Row& row) {
    const bool messages = row.cells[0] == "other messages";
    std::vector<std::string> inputs;
    for (const std::string& input : decided_.inputs) {
      const bool other = (messages || row.cells[0] == "other commands") &&
                         input.starts_with('<') == messages && !named_[matrix.side].contains(input);
      if (other || input == row.cells[0]) inputs.push_back(input);
    }
    if (inputs.empty())
      Complain(row.line, absl::StrCat("row ", row.cells[0], ": nothing is called so"));
    return inputs;
  }

  void Judge(const Matrix& matrix) {
    const auto side = std::find_if(decided_.sides.begin(), decided_.sides.end(),
                                   [&](const Side& one) { return one.name == matrix.side; });
    if (side == decided_.sides.end() || matrix.rows.empty()) {
      return Complain(matrix.line, absl::StrCat(matrix.side, ": there is no such side, or no row"));
    }
    const Row& head = matrix.rows[0];
    std::vector<std::vector<std::string>> columns;
    for (const std::string& cell : head.cells) {
      columns.push_back(columns.empty() ? std::vector<std::string>() : Given(matrix, cell, *side));
    }
    for (std::size_t r = 1; r < matrix.rows.size(); ++r) {
      const Row& row = matrix.rows[r];
      for (const std::string& input : Inputs(matrix, row)) {
        std::string says;
        for (std::size_t c = 1; c < columns.size(); ++c) {
          if (row.cells[c] != "←") says = row.cells[c];
          for (const std::string& given : columns[c]) {
            Compare(row.line, {matrix.side, input, given}, says);
          }
        }
      }
    }
  }

  struct Place {
    std::string side, input, given;
    auto operator<=>(const Place&) const = default;
  };

  static std::string Named(const Place& place) {
    return absl::StrCat(place.side, ", row ", place.input, ", column ", place.given, ": ");
  }

  void Compare(int line, const Place& place, const std::string& says) {
    const auto word = words_.find(says);
    if (word != words_.end()) used_.insert(says);
    const std::string& meant = word == words_.end() ? says : word->second;
    if (!cells_.insert(place).second) Complain(line, Named(place) + "there is another such cell");
    const std::string decided = decided_.then(place.side, place.given, place.input);
    if (decided == meant) return;
    Complain(line,
             absl::StrCat(Named(place), "the table says \"", meant, "\", it is \"", decided, "\""));
  }

  void ExpectComplete(const Side& side) {
    for (const std::string& input : decided_.inputs) {
      for (const std::string& given : side.given) {
        const Place place{side.name, input, given};
        if (cells_.contains(place)) continue;
        Complain(0, absl::StrCat(Named(place), "no cell; it is \"",
                                 decided_.then(side.name, given, input), "\""));
      }
    }
  }

  const std::string& name_;
  const Decided& decided_;
  std::vector<Matrix> matrices_;
  std::map<std::string, std::set<std::string>> named_;  // by side: its rows
  std::map<std::string, std::string> words_;
  std::vector<TableInput> inputs_;
  std::set<std::string> used_;
  std::set<Place> cells_;
  std::vector<std::string> mistakes_;
};

}  // namespace

std::vector<TableInput> InputsIn(const std::string& path) {
  std::ifstream table(path);
  return Reader(path, {}).InputsOf(table);
}

std::string MistakesIn(std::istream& table, const std::string& name, const Decided& decided) {
  return Reader(name, decided).Mistakes(table);
}

std::string MistakesIn(const std::string& path, const Decided& decided) {
  std::ifstream table(path);
  return MistakesIn(table, path, decided);
}

}  // namespace exitbus::tables
