#include "tests/simulation/other_nodes.h"

#include "services/policy/readers.h"

namespace exitbus::simulation {

Node& OtherNodes::Of(policy::v1::AuthorityKind kind) {
  std::unique_ptr<Node>& node = nodes_[kind];
  if (node == nullptr) {
    const std::string name(policy::KindName(kind));
    node = std::make_unique<Node>(world_, Begun(*world_, name, kind, "national"));
    node->Start();
  }
  return *node;
}

}  // namespace exitbus::simulation
