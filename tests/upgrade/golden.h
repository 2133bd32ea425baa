// What a release's own programs left behind, and today's authorities on it: in one thread, on a
// clock that stands where it ended, with a broker that holds what they had published.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "adapters/memory/test_folder.h"
#include "exitbus/testing/v1/recorded.pb.h"
#include "tests/simulation/world.h"
#include "tests/upgrade/released_contracts.h"

namespace exitbus::upgrade {

// The releases whose files are kept, oldest first: "v0.2".
std::vector<std::string> KeptReleases();
// As a test is called by it: "v0_2".
std::string NameOf(std::string release);

class Golden {
 public:
  // Aborts where the files do not hold together.
  explicit Golden(const std::string& release);

  // What `authority` had answered.
  testing::v1::Shown ShownBy(const std::string& authority) const;

  // An authority of this build with everything that the release's had, or with its keys alone, as
  // if it had read nothing yet. It is started.
  simulation::Node& Open(const std::string& authority) { return Add(authority, true); }
  simulation::Node& OpenEmpty(const std::string& authority) { return Add(authority, false); }
  // All of them.
  void OpenAll();
  simulation::Node& At(const std::string& authority) { return *nodes_.at(authority); }
  const std::map<std::string, simulation::Node*>& nodes() const { return nodes_; }

  simulation::World world;
  const ReleasedContracts contracts;

 private:
  simulation::Node& Add(const std::string& authority, bool with_stores);

  const adapters::TestFolder files_;
  std::map<std::string, simulation::Node*> nodes_;
};

}  // namespace exitbus::upgrade
