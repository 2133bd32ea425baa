// All that takes part in one run at random.
#pragma once

#include <map>
#include <memory>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "tests/simulation/random/run.h"
#include "tests/simulation/stay_world.h"

namespace exitbus::simulation {

// Somebody whose case is worked on. What is planted of him begins as all that is planted does.
struct Person {
  std::string cpr_number, name, address;
  std::string case_id;
  Node* holder = nullptr;          // as the people believe
  Node* asked = nullptr;           // to take the case over
  std::string handover;            // the newest
  std::set<std::string> entitled;  // who may know who it is
  bool erased = false;             // was ordered, and answered
};

// A change that was answered, and what it was answered.
struct Acknowledged {
  Node* node = nullptr;
  exchange::Caller caller;
  std::string method;
  std::shared_ptr<const google::protobuf::Message> request;
  std::string id;  // of what it answered with
};

// The id of the resource that an answer holds; empty: it holds none, as after an erasure.
std::string IdIn(const google::protobuf::Message& reply);

// The clocks of one process, which go wrong by `off`.
struct WrongClock : exchange::Clock {
  const exchange::Clock* right = nullptr;
  const absl::Duration* off = nullptr;
  absl::Time Now() const override { return right->Now() + *off; }
};
struct Clocks {
  absl::Duration off;
  WrongClock wall, domain;
};

class Mutant;

struct Crowd {
  explicit Crowd(const RunOptions& options);
  ~Crowd();

  int Below(int limit) { return static_cast<int>(chance() % static_cast<std::uint64_t>(limit)); }
  bool Chance(int of_hundred) { return Below(100) < of_hundred; }
  Node& AnyNode(std::mt19937_64& random) { return *nodes[random() % nodes.size()]; }
  void Note(const std::string& line);
  void Struck(const std::string& fault, const std::string& what);
  void Break(const std::string& invariant, const std::string& text);

  RunReport report;
  StayWorld at;
  std::mt19937_64 chance;
  std::vector<Node*> nodes;
  std::vector<Node*> holders;  // of cases
  std::vector<Person> people;
  std::vector<Acknowledged> acknowledged;
  std::map<std::string, Clocks> clocks;  // by authority
  std::set<std::string> struck;          // since the last call
  std::unique_ptr<Mutant> mutant;        // null: what is shipped
  int poisoned = 0;                      // records that nobody can read
  bool healed = false;
};

}  // namespace exitbus::simulation
