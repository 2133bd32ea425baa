// Broken engines, which a run at random has to find out. Each breaks one thing from outside: a port
// that is wrapped, or a decider. Nothing of it is in what is shipped.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "services/exchange/environment.h"
#include "tests/simulation/world.h"

namespace exitbus::exchange {
struct Service;
}

namespace exitbus::simulation {

class Mutant {
 public:
  virtual ~Mutant() = default;
  // At every start of a process.
  virtual void StandBetween(Node& node, exchange::Environment& environment,
                            exchange::Store*& keys) {}
  virtual void Change(exchange::Service& service) {}
};

const std::vector<std::string>& MutantNames();
// Ends the process for a name that is none.
std::unique_ptr<Mutant> MakeMutant(const std::string& name);

}  // namespace exitbus::simulation
