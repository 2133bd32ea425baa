// Decision tables that are read without C++: what happens (rows) by what is given (columns).
//
//   receiver: the take-over
//
//                | REQUESTED..  | OFFERED          | TAKEN_OVER
//                | ACCEPTED     |                  |
//   -------------+--------------+------------------+-----------
//   TakeOverCase | no: no offer | TAKEN_OVER,      | ←
//                |              | tells the holder |
//
// A column is one thing given, several ("A, B", "A..C"), or "always". A line that begins with "|"
// goes on with the row above; "←" is what the column to the left says; "#" begins a comment. A row
// "other commands" or "other messages" ("<…" is a message) is each of them that no row of this side
// names. The matrix "words" says what a cell's words stand for; the matrix "inputs", in protobuf's
// text format, what a row's command or message says.
#pragma once

#include <functional>
#include <istream>
#include <string>
#include <vector>

namespace exitbus::tables {

// Whose matrices there are, and what can be given there, in the order that ".." follows.
struct Side {
  std::string name;
  std::vector<std::string> given;
};

// What a table has to say, cell by cell.
struct Decided {
  std::vector<Side> sides;
  std::vector<std::string> inputs;
  std::function<std::string(const std::string& side, const std::string& given,
                            const std::string& input)>
      then;
};

// A row, and what it says.
struct TableInput {
  std::string name;
  std::string text;
};
// The matrix "inputs" of the file `path`; empty: it has none.
std::vector<TableInput> InputsIn(const std::string& path);

// Where `table` does not say what is decided, each on a line with its row and column: a cell that
// says something else, is missing or there twice; a row that no side names, or a word without a
// cell. `name` is what these lines begin with.
std::string MistakesIn(std::istream& table, const std::string& name, const Decided& decided);

// The same of the file `path`.
std::string MistakesIn(const std::string& path, const Decided& decided);

}  // namespace exitbus::tables
