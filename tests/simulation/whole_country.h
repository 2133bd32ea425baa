// The authorities of the whole country in a simulated world: 98 municipalities, 12 police units.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "tests/simulation/world.h"

namespace exitbus::simulation {

class WholeCountry {
 public:
  explicit WholeCountry(World& world);

  Node& Municipality(const std::string& code) { return *municipalities_.at(code); }
  // Of this municipality's district.
  Node& UnitOf(const std::string& code);
  const std::vector<std::string>& codes() const { return codes_; }
  const std::map<std::string, Node*>& units() const { return units_; }

 private:
  std::map<std::string, Node*> municipalities_;
  std::map<std::string, Node*> units_;  // by district
  std::vector<std::string> codes_;
};

// The authority is of that district.
void PutInDistrict(World& world, const Node& node, const std::string& district);

}  // namespace exitbus::simulation
