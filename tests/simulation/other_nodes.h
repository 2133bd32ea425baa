// Nodes of those kinds of authority that no story has a part for, one of each.
#pragma once

#include <map>
#include <memory>

#include "tests/simulation/world.h"

namespace exitbus::simulation {

class OtherNodes {
 public:
  explicit OtherNodes(World* world) : world_(world) {}
  // Called as its kind is.
  Node& Of(policy::v1::AuthorityKind kind);

 private:
  World* world_;
  std::map<policy::v1::AuthorityKind, std::unique_ptr<Node>> nodes_;
};

}  // namespace exitbus::simulation
