#include "services/casework/model_testing.h"

#include <deque>
#include <utility>

#include "absl/strings/str_cat.h"

namespace exitbus::casework {
namespace {

struct Node {
  Machine::File file;
  std::string way;                  // the inputs that led to it first
  std::set<std::string> from = {};  // states that lead to it
  bool is_end = false;
};

using Nodes = std::map<std::string, Node>;

// Those from which an end can be reached.
std::set<std::string> NotStuck(const Nodes& nodes) {
  std::set<std::string> found;
  std::deque<std::string> open;
  for (const auto& [state, node] : nodes) {
    if (node.is_end && found.insert(state).second) open.push_back(state);
  }
  while (!open.empty()) {
    const Node& node = nodes.at(open.front());
    open.pop_front();
    for (const std::string& before : node.from) {
      if (found.insert(before).second) open.push_back(before);
    }
  }
  return found;
}

}  // namespace

Explored Explore(const Machine& machine, int states_max) {
  Explored explored;
  Nodes nodes;
  std::deque<std::string> open;
  std::set<std::string> said;
  const auto add = [&](const Machine::File& file, const std::string& way) {
    std::string state = machine.state_of(file);
    const auto [at, is_new] = nodes.try_emplace(state, Node{file, way});
    at->second.is_end = machine.is_end(file);
    if (is_new) open.push_back(state);
    return state;
  };
  const auto fault = [&](const std::string& what, const std::string& way) {
    if (said.insert(what).second) explored.faults.push_back(absl::StrCat(what, " — by", way));
  };
  for (const Machine::File& begin : machine.begins) add(begin, "");
  while (!open.empty()) {
    if (static_cast<int>(nodes.size()) > states_max) {
      fault("more states than can be explored", "");
      break;
    }
    const std::string state = std::exchange(open.front(), "");
    open.pop_front();
    const Machine::File before = nodes.at(state).file;
    const std::string way = nodes.at(state).way;
    for (const std::string& input : machine.inputs) {
      ++explored.steps;
      const exchange::Decision decision = machine.decide(before, input);
      if (!decision.accepted() || decision.events().empty()) continue;
      explored.reached.insert(input);
      const Machine::File after = machine.evolve(before, decision);
      const std::string then = absl::StrCat(way, " > ", input);
      const std::string wrong = machine.fault_in(before, input, decision, after);
      if (!wrong.empty()) fault(wrong, then);
      nodes.at(add(after, then)).from.insert(state);
    }
  }
  const std::set<std::string> fine = NotStuck(nodes);
  for (const auto& [state, node] : nodes) {
    if (!fine.contains(state)) fault(absl::StrCat("no way to an end from ", state), node.way);
  }
  explored.states = static_cast<int>(nodes.size());
  return explored;
}

}  // namespace exitbus::casework
