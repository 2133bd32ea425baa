// A case that is erased everywhere, as every authority does its part: what it held goes with its
// key, a tombstone stays, the order goes on to those it told, and when they have confirmed it
// confirms in its turn. Who was told what is for each kind of authority to say.
//
// Who ordered first is confirmed to when all is done, everybody else at once. So no two wait for
// each other, and who decided hears of the end when there is nothing left
// (docs/decisions/0014-erasure-travels-as-the-case-did.md).
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "exitbus/erasure_journal/v1/journal.pb.h"
#include "services/exchange/aggregate.h"
#include "services/exchange/decision.h"
#include "services/exchange/decision_context.h"

namespace exitbus::exchange {

namespace ejv1 = erasure_journal::v1;

// Puts an event of the tombstone into one of the aggregate it stands for.
using AsEvent = std::unique_ptr<Message> (*)(const ejv1::ErasureEvent&);

template <class Event>
std::unique_ptr<Message> ErasureAs(const ejv1::ErasureEvent& event) {
  auto wrapped = std::make_unique<Event>();
  *wrapped->mutable_erasure() = event;
  return wrapped;
}

// Somebody who was told of the case, and under which id of its own.
struct Recipient {
  std::string authority;
  policy::v1::Relation relation;
  std::string subject;
  // What orders it there, where it is another message than ErasureOrdered.
  std::shared_ptr<const Message> order = nullptr;
};

// What an authority that is about to erase a case says of it.
struct Holding {
  std::string case_id;                // "": it never knew it
  std::uint64_t number = 0;           // responsibility number of who decided
  std::vector<Recipient> recipients;  // the one who orders is left out, if it is among them
  std::vector<std::string> keys;      // index keys by which others may still write of it
};

// By an employee of the authority that answers for the case.
Decision EraseEverywhere(const Holding& holding, casework::v1::ErasureReason reason,
                         const DecisionContext& context, AsEvent as_event);

// By a letter from one who may; a holding of nothing but the letter's key where it was never heard
// of, so that what comes late about it finds the tombstone.
Decision EraseAsOrdered(const Holding& holding, const LetterPlace& place,
                        const casework::v1::ErasureOrdered& order, const DecisionContext& context,
                        AsEvent as_event);

// To a confirmation of what was never ordered.
Decision NotOrdered();

// Whether this is an order to erase, or a confirmation.
bool IsAboutErasure(const v1::Body& body);

// What becomes of a letter about something that is erased. All but these two have no effect
// (`erased`). `key` is the index key of the letter's subject.
Decision DecideErased(const ejv1::Tombstone& tombstone, const LetterPlace& place,
                      const std::string& key, const v1::Body& body, const DecisionContext& context,
                      AsEvent as_event);

void EvolveTombstone(ejv1::Tombstone& tombstone, const ejv1::ErasureEvent& event);

// For an aggregate's `evolve`: of what is erased nothing stays but the tombstone.
template <class State>
void EvolveErased(State& state, const ejv1::ErasureEvent& event) {
  if (event.has_erased()) state.Clear();
  EvolveTombstone(*state.mutable_erasure(), event);
}

// For an aggregate's `keys`.
std::vector<std::string> KeysOf(const ejv1::Tombstone& tombstone);

}  // namespace exitbus::exchange
