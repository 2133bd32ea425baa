// Letters as an authority writes them that has its keys and keeps no rule: signed, sealed, numbered
// and chained as its own engine's are. And what a reader holds, looked at past all rights.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "exitbus/casework_journal/v1/journal.pb.h"
#include "exitbus/exchange/v1/body.pb.h"
#include "exitbus/exchange/v1/statement.pb.h"
#include "tests/simulation/world.h"

namespace exitbus::simulation {

// A letter, next in its correspondence.
struct Forgery {
  Node& author;
  Node& reader;
  policy::v1::Channel channel;
  std::string subject;
  exchange::v1::Body body;
};

// One record that brings them all: of one author, to one reader in one channel, about different
// subjects. The author's own books do not change, so that the next ones have the same numbers.
exchange::BusRecord Record(const std::vector<Forgery>& forgeries);
// Writes it into the author's books, puts it on the bus and lets it be read.
void Forge(World& world, const Forgery& forgery);

// A statement that this authority signs.
std::string SignedBy(Node& author, const exchange::v1::Statement& statement);

// What a row of states holds.
absl::StatusOr<std::string> StateIn(Node& node, const std::string& key, const std::string& bytes);
// Every state of a kind of aggregate, by the id of it.
std::vector<std::pair<std::string, std::string>> StatesAt(Node& node, const std::string& aggregate);
// The authority's own file of a case, the newest.
casework_journal::v1::CaseFile NewestFile(Node& node, const std::string& case_id);
template <class State>
std::vector<State> StatesAt(Node& node, const std::string& aggregate) {
  std::vector<State> states;
  for (const auto& [id, bytes] : StatesAt(node, aggregate)) {
    states.emplace_back().ParseFromString(bytes);
  }
  return states;
}

}  // namespace exitbus::simulation
