#include "tests/simulation/whole_country.h"

#include "services/relocation/municipalities.h"

namespace exitbus::simulation {

void PutInDistrict(World& world, const Node& node, const std::string& district) {
  exchange::DirectoryEntry entry = *world.directory.Find(node.id());
  entry.district = district;
  world.directory.Put(entry);
}

// The world knows two districts; the country has twelve.
WholeCountry::WholeCountry(World& world) {
  for (const relocation::Municipality& one : relocation::Municipalities()) {
    const std::string code(one.code), district(one.district);
    Node& node = world.Municipality(code);
    PutInDistrict(world, node, district);
    municipalities_[code] = &node;
    codes_.push_back(code);
    if (!units_.contains(district)) units_[district] = &world.Police(district);
  }
}

Node& WholeCountry::UnitOf(const std::string& code) {
  return *units_.at(std::string(relocation::FindMunicipality(code)->district));
}

}  // namespace exitbus::simulation
