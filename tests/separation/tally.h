// What the program tried, by surface; printed once as a table at its end. Thread-safe.
#pragma once

#include <string>

namespace exitbus::story {

class Tally {
 public:
  // `cells` more were tried on this surface, `refused` of them refused, as they had to be. Counted
  // where a cell is tried, whatever came of it.
  static void Count(const std::string& surface, int cells, int refused = 0);
  // A line below the table, e.g. what took how long.
  static void Note(const std::string& line);
};

}  // namespace exitbus::story
