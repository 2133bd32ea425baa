// Denmark's 98 municipalities, by their official codes: in which police district each lies, and
// what lies beside it. Public facts: three public lists have the same codes, two the same borders
// on land; districts are by geography, bridges general knowledge. Christiansø (0411) is none.
#pragma once

#include <span>
#include <string_view>

namespace exitbus::relocation {

struct Municipality {
  std::string_view code;
  std::string_view district;
  // Codes, parted by blanks: across a border on land, or over a bridge between the two.
  std::string_view beside;
};

// By code.
std::span<const Municipality> Municipalities();
// Null: none has this code.
const Municipality* FindMunicipality(std::string_view code);
// No municipality is its own neighbour; of an unknown code none is.
bool AreNeighbours(std::string_view a, std::string_view b);
// Whether it is the code of one of the 12 districts.
bool IsPoliceDistrict(std::string_view code);

}  // namespace exitbus::relocation
