// What Unicode knows of names. Thread-safe.
#pragma once

#include <string>
#include <string_view>

namespace exitbus::exchange {

class Unicode {
 public:
  virtual ~Unicode() = default;

  // One form for all spellings of a name: the same for names that differ in case, in how their
  // letters are composed, in blanks or in what does not show. For comparing, never for showing.
  // Bytes that are no UTF-8 come back as they are.
  virtual std::string Folded(std::string_view name) const = 0;
};

}  // namespace exitbus::exchange
