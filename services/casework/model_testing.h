// A machine explored to its end: from where it begins, each input at each state that is told apart,
// until nothing new is found. For tests.
#pragma once

#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "exitbus/casework_journal/v1/journal.pb.h"
#include "services/exchange/decision.h"

namespace exitbus::casework {

struct Machine {
  using File = casework_journal::v1::CaseFile;

  // Which states are one, as far as what may happen in them goes.
  std::function<std::string(const File&)> state_of;
  std::vector<File> begins;
  std::vector<std::string> inputs;
  std::function<exchange::Decision(const File&, const std::string& input)> decide;
  std::function<File(const File&, const exchange::Decision&)> evolve;
  // Where it has ended: nothing leads out of there.
  std::function<bool(const File&)> is_end;
  // What is wrong with a step; empty: nothing.
  std::function<std::string(const File& before, const std::string& input,
                            const exchange::Decision& decision, const File& after)>
      fault_in;
};

struct Explored {
  int states = 0;
  int steps = 0;                    // decided, refusals too
  std::vector<std::string> faults;  // each once, with the way to it; dead ends among them
  std::set<std::string> reached;    // inputs that were accepted somewhere
};

// Breadth first, so that the way to a fault is a short one. More than `states_max` states is a
// fault.
Explored Explore(const Machine& machine, int states_max);

}  // namespace exitbus::casework
