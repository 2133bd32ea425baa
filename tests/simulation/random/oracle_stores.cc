// What lies in the stores: states that follow from their journals, deadlines that stand, and
// nothing that was planted where nobody is to read it.
#include <google/protobuf/message.h>
#include <google/protobuf/util/message_differencer.h>

#include "absl/strings/str_cat.h"
#include "services/exchange/keys.h"
#include "tests/simulation/authorities.h"
#include "tests/simulation/caseworker.h"
#include "tests/simulation/forgery.h"
#include "tests/simulation/random/oracle.h"

namespace exitbus::simulation {
namespace {

using exchange::Table;
using google::protobuf::Message;

// What all that is planted begins with, and all numbers of people.
constexpr const char* kPlanted[] = {"Canary ", "canary-", "6101900"};

bool HoldsPlanted(std::string_view text) {
  return std::any_of(std::begin(kPlanted), std::end(kPlanted), [&](const char* planted) {
    return text.find(planted) != std::string_view::npos;
  });
}

void LookForPlanted(Crowd& crowd, Node& node) {
  for (int table = 0; table < exchange::kTableCount; ++table) {
    for (const auto& [key, value] : node.store().rows(static_cast<Table>(table))) {
      if (HoldsPlanted(key) || HoldsPlanted(value)) {
        crowd.Break("I5",
                    absl::StrCat(node.id(), ": in the clear in ",
                                 std::string(exchange::TableName(static_cast<Table>(table)))));
      }
    }
  }
  if (HoldsPlanted(node.telemetry().Text())) {
    crowd.Break("I5", absl::StrCat(node.id(), ": in a log or a metric"));
  }
}

// `said`: a state, or an event that can still be read.
void LookForKnown(Crowd& crowd, Node& node, const std::string& said) {
  if (&node == &crowd.at.desk && HoldsPlanted(said)) {
    crowd.Break("I5", "the contact point knows a person");
  }
  for (const Person& person : crowd.people) {
    const bool knows = said.find(person.cpr_number) != std::string::npos ||
                       said.find(person.address) != std::string::npos;
    const bool holds =
        std::find(crowd.holders.begin(), crowd.holders.end(), &node) != crowd.holders.end();
    if (knows && holds && !person.entitled.contains(node.id())) {
      crowd.Break("I5", absl::StrCat(node.id(), " knows who was never its"));
    }
    if (knows && person.erased) {
      crowd.Break("I10", absl::StrCat(node.id(), " knows who is erased"));
    }
  }
}

// Which of an aggregate's deadlines no timer stands for.
void LookAtDeadlines(Crowd& crowd, Node& node, const exchange::Aggregate& aggregate,
                     const std::string& id, const Message& state) {
  if (!aggregate.deadlines) return;
  for (const exchange::Deadline& deadline : aggregate.deadlines(state)) {
    bool stands = false;
    for (const auto& [key, value] : node.store().rows(Table::kTimers)) {
      const auto timer = exchange::TimerKey::Decode(key);
      stands = stands || (timer && timer->aggregate == aggregate.name && timer->id == id &&
                          timer->name == deadline.name);
    }
    if (!stands && deadline.due > node.environment().clock->Now()) {
      crowd.Break("I8", absl::StrCat(node.id(), " has no timer for ", aggregate.name, "'s ",
                                     deadline.name));
    }
  }
}

// By aggregate and id, its events in their order; none of one that has been erased in part.
using Events = std::map<std::pair<std::string, std::string>, std::vector<std::string>>;

Events EventsOf(Crowd& crowd, Node& node) {
  Events events;
  std::set<std::pair<std::string, std::string>> erased;
  for (const auto& [key, value] : node.store().rows(Table::kJournal)) {
    store::v1::JournalEntry entry;
    if (!entry.ParseFromString(value)) continue;
    const auto plain = node.environment().vault->Decrypt(
        entry.scope(), {Table::kJournal, key, entry.version()}, entry.sealed_event());
    if (plain.ok()) {
      events[{entry.aggregate(), entry.id()}].push_back(*plain);
      LookForKnown(crowd, node, *plain);
    } else if (absl::IsNotFound(plain.status())) {
      erased.insert({entry.aggregate(), entry.id()});
    } else {
      crowd.Break("I7", absl::StrCat(node.id(), ": an event does not open"));
    }
  }
  for (const auto& one : erased) events[one].clear();
  return events;
}

bool Follows(const exchange::Aggregate& aggregate, const Message& prototype,
             const std::vector<std::string>& events, const Message& state) {
  const std::unique_ptr<Message> rebuilt = aggregate.new_state();
  for (const std::string& each : events) {
    const std::unique_ptr<Message> event(prototype.New());
    event->ParseFromString(each);
    aggregate.evolve(*rebuilt, *event);
  }
  return google::protobuf::util::MessageDifferencer::Equals(state, *rebuilt);
}

void LookAtStates(Crowd& crowd, Node& node, const Authority::Made& made, const Events& events) {
  const exchange::Aggregate aggregate = made.aggregate();
  const Message* prototype =
      google::protobuf::MessageFactory::generated_factory()->GetPrototype(made.event);
  for (const auto& [key, bytes] : node.store().rows(Table::kStates)) {
    const auto place = exchange::StateKey::Decode(key);
    if (!place || place->aggregate != aggregate.name) continue;
    const auto plain = StateIn(node, key, bytes);
    if (absl::IsNotFound(plain.status())) continue;  // erased
    const std::unique_ptr<Message> state = aggregate.new_state();
    if (!plain.ok() || !state->ParseFromString(*plain)) {
      crowd.Break("I7", absl::StrCat(node.id(), ": a state does not open"));
      continue;
    }
    const auto found = events.find({place->aggregate, place->id});
    if (found == events.end()) {
      crowd.Break("I7", absl::StrCat(node.id(), ": a ", aggregate.name, " without a journal"));
    } else if (!found->second.empty() && !Follows(aggregate, *prototype, found->second, *state)) {
      crowd.Break("I7",
                  absl::StrCat(node.id(), ": a ", aggregate.name, " is not what its journal says"));
    }
    LookForKnown(crowd, node, *plain);
    LookAtDeadlines(crowd, node, aggregate, place->id, *state);
  }
}

}  // namespace

void LookAtStores(Crowd& crowd) {
  for (Node* const node : crowd.nodes) {
    LookForPlanted(crowd, *node);
    const Events events = EventsOf(crowd, *node);
    for (const Authority::Made& made : AuthorityOf(node->kind()).made) {
      LookAtStates(crowd, *node, made, events);
    }
  }
  for (const std::string& topic : crowd.at.world.broker.Topics()) {
    for (const auto& record : crowd.at.world.broker.Records(topic)) {
      if (HoldsPlanted(record.payload)) crowd.Break("I5", "in the clear on the bus");
    }
  }
}

}  // namespace exitbus::simulation
