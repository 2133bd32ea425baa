// Finds planted values in bytes, however they got there: as they are, in base64 (any alignment,
// either alphabet) or in hexadecimal (either case). Immutable, so thread-safe.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace exitbus::story {

struct Finding {
  std::size_t value;  // which of the search's values
  std::string form;   // "plain", "base64", "hex"
  std::size_t at;     // offset in the bytes
};

class Search {
 public:
  // Each value has at least 10 bytes.
  explicit Search(const std::vector<std::string>& values);

  std::vector<Finding> In(std::string_view bytes) const;

 private:
  struct Pattern {
    std::size_t value;
    const char* form;
    std::string bytes;
  };

  void Add(std::size_t value, const char* form, const std::string& bytes);

  std::unordered_map<std::uint64_t, std::vector<Pattern>> patterns_;  // by their first 8 bytes
  std::vector<bool> beginnings_;  // whether one begins with these 2 bytes: most bytes begin none
};

}  // namespace exitbus::story
