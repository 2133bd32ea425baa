// Parts put together to the aggregate that they are. Included where a kind of authority does that,
// and nowhere else.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "services/exchange/erasure.h"
#include "services/exchange/keys.h"
#include "services/exchange/obligation.h"
#include "services/exchange/part.h"

namespace exitbus::exchange {

// All that the parts have registered. What is erased is a tombstone: it takes all letters, and
// nothing of it is left to the parts.
template <class State, class Event>
class Whole {
 public:
  using Key = std::function<std::string(const LetterPlace&)>;

  Whole(std::string_view name, std::vector<Part<State, Event>> parts, Key key)
      : key_(std::move(key)) {
    for (auto& part : parts) {
      for (auto& [kind, on] : part.letters_) {
        if (!all_.letters_.emplace(kind, std::move(on)).second) RegisteredTwice(name, kind);
      }
      for (auto& [member, evolve] : part.events_) {
        if (!all_.events_.emplace(member, std::move(evolve)).second) RegisteredTwice(name, member);
      }
      for (auto& [group, due] : part.due_) {
        if (!all_.due_.emplace(group, due).second) RegisteredTwice(group);
      }
      all_.obligations_.insert(part.obligations_.begin(), part.obligations_.end());
      all_.keys_.insert(all_.keys_.end(), part.keys_.begin(), part.keys_.end());
      for (Method& method : part.methods_) all_.methods_.push_back(std::move(method));
    }
    all_.After(&EvolveErased<State>);
    all_.Obligations("erasure.overdue", [](const State& state) {
      return std::vector<NamedObligation>{{"", &state.erasure().orders()}};
    });
    all_.template After<ov1::Overdue>(
        [this](State& state, const Event&, const ov1::Overdue& overdue) {
          const auto of = all_.obligations_.find(overdue.alarm());
          if (of != all_.obligations_.end()) MarkOverdue(of->second(state), overdue.name());
        });
  }

  std::set<int> letters() const { return KeysIn(all_.letters_); }
  std::set<int> events() const { return KeysIn(all_.events_); }
  const std::vector<Method>& methods() const { return all_.methods_; }

  void Evolve(State& state, const Event& event) const {
    const auto [member, what] = MemberOf(event);
    const auto evolve = all_.events_.find(member);
    if (evolve != all_.events_.end()) evolve->second(state, event, *what);
  }

  std::vector<std::string> Keys(const State& state, const Lookup& lookup) const {
    if (state.has_erasure()) return KeysOf(state.erasure());
    std::vector<std::string> keys;
    for (const auto of : all_.keys_) {
      for (std::string& name : of(state, lookup)) keys.push_back(std::move(name));
    }
    return keys;
  }

  std::vector<Deadline> Deadlines(const State& state) const {
    std::vector<Deadline> deadlines;
    for (const auto& [group, due] : all_.due_) {
      for (const Deadline& each : due.deadlines(state)) {
        deadlines.push_back({KindName{group, each.name}.Encode(), each.due});
      }
    }
    return deadlines;
  }

  Decision DecideDeadline(const State& state, std::string_view name,
                          const DecisionContext& context) const {
    const auto of = KindName::Decode(name);
    const auto due = of ? all_.due_.find(of->kind) : all_.due_.end();
    return due == all_.due_.end() ? Decision::NoEffect("deadline_of_nothing")
                                  : due->second.decide(state, of->name, context);
  }

  std::optional<std::string> Target(const LetterPlace& place, const v1::Body& body) const {
    if (!all_.letters_.contains(KindOf(body).first)) return std::nullopt;
    std::string key = key_(place);
    return key.empty() ? std::nullopt : std::optional(std::move(key));
  }

  Decision DecideLetter(const State& state, const LetterPlace& place, const v1::Body& body,
                        const DecisionContext& context) const {
    if (state.has_erasure()) {
      return DecideErased(state.erasure(), place, key_(place), body, context, &ErasureAs<Event>);
    }
    const auto [kind, message] = KindOf(body);
    return all_.letters_.at(kind)({state, place, body, context}, *message);
  }

 private:
  template <class Map>
  static std::set<int> KeysIn(const Map& map) {
    std::set<int> keys;
    for (const auto& [key, value] : map) keys.insert(key);
    return keys;
  }

  Part<State, Event> all_;
  Key key_;
};

// The aggregate that these parts are. `key` is the index key that letters about a subject find it
// by (empty: none); a letter of a kind that no part takes is for another aggregate.
template <class State, class Event>
Aggregate Compose(std::string name, std::vector<Part<State, Event>> parts,
                  std::function<std::string(const LetterPlace&)> key) {
  const auto whole = std::make_shared<const Whole<State, Event>>(name, std::move(parts), key);
  const auto typed = [](const Message& state) -> const State& {
    return static_cast<const State&>(state);
  };
  Aggregate made;
  made.name = std::move(name);
  made.letters = whole->letters();
  made.events = whole->events();
  made.methods = whole->methods();
  made.new_state = [] { return std::make_unique<State>(); };
  made.evolve = [whole](Message& state, const Message& event) {
    whole->Evolve(static_cast<State&>(state), static_cast<const Event&>(event));
  };
  made.keys = [whole, typed](const Message& state, const Lookup& lookup) {
    return whole->Keys(typed(state), lookup);
  };
  made.deadlines = [whole, typed](const Message& state) { return whole->Deadlines(typed(state)); };
  made.decide_deadline = [whole, typed](const Message& state, std::string_view deadline,
                                        const DecisionContext& context) {
    return whole->DecideDeadline(typed(state), deadline, context);
  };
  made.correspondence_target = std::move(key);
  made.letter_target = [whole](const LetterPlace& place, const v1::Body& body) {
    return whole->Target(place, body);
  };
  made.decide_letter = [whole, typed](const Message& state, const LetterPlace& place,
                                      const v1::Body& body, const DecisionContext& context) {
    return whole->DecideLetter(typed(state), place, body, context);
  };
  return made;
}

}  // namespace exitbus::exchange
