// Denmark's 98 municipalities, by their official codes: in which police district each lies, and
// what lies beside it. Public facts: three public lists have the same codes, two the same borders
// on land; districts are by geography, bridges general knowledge. Christiansø (0411) is none.
#pragma once

#include <algorithm>
#include <span>
#include <string>
#include <string_view>

namespace exitbus::exchange {
class Directory;
}

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
// Whether each of these is the code of one.
template <class Codes>
bool AreMunicipalities(const Codes& codes) {
  return std::all_of(codes.begin(), codes.end(),
                     [](const auto& code) { return FindMunicipality(code) != nullptr; });
}
// No municipality is its own neighbour; of an unknown code none is.
bool AreNeighbours(std::string_view a, std::string_view b);
// The code of the municipality that this authority is; empty: it is none, or not listed.
std::string CodeOf(std::string_view authority, const exchange::Directory& directory);
// Whether it is the code of one of the 12 districts.
bool IsPoliceDistrict(std::string_view code);

}  // namespace exitbus::relocation
