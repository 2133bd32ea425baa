// How a kind of authority is put together: from parts, one for each subject (the overview, a
// security file, its hand-over). A part says what becomes of each kind of message and event, and
// what each method does, by functions of exact types. A kind of authority composes its parts to an
// aggregate in one place. What is registered twice, or is no kind of message, event or request at
// all, ends the process at its start, by name.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "services/exchange/aggregate.h"
#include "services/exchange/erasure.h"

namespace google::protobuf {
class Descriptor;
}

namespace exitbus::exchange {

// A letter as its handler sees it, beside the message itself.
template <class State>
struct Letter {
  const State& state;
  const LetterPlace& place;
  const v1::Body& body;
  const Facts& facts;
};

// For a message about something that may not have begun here yet: then it waits for that.
template <class State, class Told>
std::function<Decision(const Letter<State>&, const Told&)> OnceKnown(
    bool (*is_known)(const State&), Decision (*decide)(const Letter<State>&, const Told&)) {
  return [is_known, decide](const Letter<State>& letter, const Told& told) {
    return is_known(letter.state) ? decide(letter, told) : Decision::Park();
  };
}

// Which member of exchange.v1.Body, or of an event's oneof, has this type.
int KindOfType(const google::protobuf::Descriptor* message);
int MemberOfType(const google::protobuf::Descriptor* event,
                 const google::protobuf::Descriptor* what);
// Full name of the method that takes this request.
std::string MethodOf(const google::protobuf::Descriptor* request);
// Which member is set, and what it holds; 0 and null: none.
using Member = std::pair<int, const Message*>;
Member KindOf(const v1::Body& body);
Member MemberOf(const Message& event);

// Ends the process, which was put together wrongly.
[[noreturn]] void RegisteredTwice(std::string_view name);
[[noreturn]] void RegisteredTwice(std::string_view aggregate, int member);

template <class State, class Event>
class Part {
 public:
  template <class Told>
  using Decider = std::function<Decision(const Letter<State>&, const Told&)>;

  // What becomes of a message of this kind. Whether its sender's kind of authority may send it, and
  // over which exchange, the policy has been asked before.
  template <class Told>
  Part& On(Decision (*decide)(const Letter<State>&, const Told&)) {
    return On(Decider<Told>(decide));
  }
  template <class Told>
  Part& On(Decider<Told> decide) {
    const bool added = letters_
                           .emplace(KindOfType(Told::descriptor()),
                                    [decide](const Letter<State>& letter, const Message& told) {
                                      return decide(letter, static_cast<const Told&>(told));
                                    })
                           .second;
    if (!added) RegisteredTwice(Told::descriptor()->full_name());
    return *this;
  }

  // What an event of this kind makes of the state. Total and pure.
  template <class What>
  Part& After(void (*evolve)(State&, const What&)) {
    const bool added = events_
                           .emplace(MemberOfType(Event::descriptor(), What::descriptor()),
                                    [evolve](State& state, const Message& what) {
                                      evolve(state, static_cast<const What&>(what));
                                    })
                           .second;
    if (!added) RegisteredTwice(What::descriptor()->full_name());
    return *this;
  }

  // By what names it is found; each part adds its own. `target` of a method and the key of letters
  // are among them.
  Part& Named(std::vector<std::string> (*keys)(const State&, const Lookup&)) {
    keys_.push_back(keys);
    return *this;
  }

  // What falls due, under names of this part's own (no slash in `group`), and what comes of it.
  Part& Due(std::string group, std::vector<Deadline> (*deadlines)(const State&),
            Decision (*decide)(const State&, std::string_view name, const Facts&)) {
    if (!due_.emplace(group, Deadlines{deadlines, decide}).second) RegisteredTwice(group);
    return *this;
  }

  // What an employee may do or read by this request. `target`, `decide` and `view` as in Method.
  template <class Request>
  struct Of {
    std::string (*target)(const Request&);
    Decision (*decide)(const State&, const Request&, const Facts&) = nullptr;
    std::unique_ptr<Message> (*view)(const State&);
    Needs needs = Needs::kTopicsRead;
  };
  template <class Request>
  Part& Serve(Of<Request> of) {
    Method method;
    method.name = MethodOf(Request::descriptor());
    method.needs = of.needs;
    method.target = [target = of.target](const Message& request) {
      return target(static_cast<const Request&>(request));
    };
    if (of.decide != nullptr) {
      method.decide = [decide = of.decide](const Message& state, const Message& request,
                                           const Facts& facts) {
        return decide(static_cast<const State&>(state), static_cast<const Request&>(request),
                      facts);
      };
    }
    method.view = [view = of.view](const Message& state, const Message&, const Facts&) {
      return view(static_cast<const State&>(state));
    };
    methods_.push_back(std::move(method));
    return *this;
  }

  // A list of all whose index keys begin with `prefix`; `view` is null for what does not belong.
  template <class Request>
  struct ListOf {
    std::string prefix;
    std::unique_ptr<Message> (*view)(const State&, std::string_view index_key, const Request&);
    std::string watch = {};
  };
  template <class Request>
  Part& List(ListOf<Request> of) {
    Method method;
    method.name = MethodOf(Request::descriptor());
    method.list_prefix = std::move(of.prefix);
    method.watch = std::move(of.watch);
    method.list_view = [view = of.view](const Message& state, std::string_view key,
                                        const Message& request, const Facts&) {
      return view(static_cast<const State&>(state), key, static_cast<const Request&>(request));
    };
    methods_.push_back(std::move(method));
    return *this;
  }

  // The account of who saw what.
  template <class Request>
  Part& Account(std::string (*target)(const Request&)) {
    Method method;
    method.name = MethodOf(Request::descriptor());
    method.account = true;
    method.target = [target](const Message& request) {
      return target(static_cast<const Request&>(request));
    };
    methods_.push_back(std::move(method));
    return *this;
  }

 private:
  template <class S, class E>
  friend Aggregate Compose(std::string name, std::vector<Part<S, E>> parts,
                           std::function<std::string(const LetterPlace&)> key);

  struct Deadlines {
    std::vector<Deadline> (*deadlines)(const State&);
    Decision (*decide)(const State&, std::string_view name, const Facts&);
  };
  using OnLetter = std::function<Decision(const Letter<State>&, const Message&)>;
  using Evolve = std::function<void(State&, const Message&)>;
  std::map<int, OnLetter> letters_;  // by kind
  std::map<int, Evolve> events_;     // by member
  std::vector<std::vector<std::string> (*)(const State&, const Lookup&)> keys_;
  std::map<std::string, Deadlines, std::less<>> due_;  // by group
  std::vector<Method> methods_;
};

// The aggregate that these parts are. `key` is the index key that letters about a subject find it
// by; a letter of a kind that no part takes is for another aggregate. What is erased is a
// tombstone: it takes all letters, and nothing of it is left to the parts.
template <class State, class Event>
Aggregate Compose(std::string name, std::vector<Part<State, Event>> parts,
                  std::function<std::string(const LetterPlace&)> key) {
  using All = Part<State, Event>;
  auto all = std::make_shared<All>();
  Aggregate made;
  made.name = std::move(name);
  for (All& part : parts) {
    for (auto& [kind, on] : part.letters_) {
      if (!all->letters_.emplace(kind, std::move(on)).second) RegisteredTwice(made.name, kind);
      made.letters.insert(kind);
    }
    for (auto& [member, evolve] : part.events_) {
      if (!all->events_.emplace(member, std::move(evolve)).second) {
        RegisteredTwice(made.name, member);
      }
      made.events.insert(member);
    }
    for (auto& [group, due] : part.due_) {
      if (!all->due_.emplace(group, due).second) RegisteredTwice(group);
    }
    all->keys_.insert(all->keys_.end(), part.keys_.begin(), part.keys_.end());
    for (Method& method : part.methods_) made.methods.push_back(std::move(method));
  }
  all->After(&EvolveErased<State>);
  made.events.insert(MemberOfType(Event::descriptor(), ejv1::ErasureEvent::descriptor()));
  const auto typed = [](const Message& state) -> const State& {
    return static_cast<const State&>(state);
  };
  made.new_state = [] { return std::make_unique<State>(); };
  made.evolve = [all](Message& state, const Message& event) {
    const auto [member, what] = MemberOf(event);
    const auto evolve = all->events_.find(member);
    if (evolve != all->events_.end()) evolve->second(static_cast<State&>(state), *what);
  };
  made.keys = [all, typed](const Message& state, const Lookup& lookup) {
    if (typed(state).has_erasure()) return KeysOf(typed(state).erasure());
    std::vector<std::string> keys;
    for (const auto of : all->keys_) {
      for (std::string& name : of(typed(state), lookup)) keys.push_back(std::move(name));
    }
    return keys;
  };
  made.deadlines = [all, typed](const Message& state) {
    std::vector<Deadline> deadlines;
    if (auto of_tombstone = DeadlineOf(typed(state).erasure())) {
      deadlines.push_back({absl::StrCat(kErasureDeadline, "/"), of_tombstone->due});
    }
    for (const auto& [group, due] : all->due_) {
      for (const Deadline& each : due.deadlines(typed(state))) {
        deadlines.push_back({absl::StrCat(group, "/", each.name), each.due});
      }
    }
    return deadlines;
  };
  made.decide_deadline = [all, typed](const Message& state, std::string_view name,
                                      const Facts& facts) {
    const std::string_view group = name.substr(0, name.find('/'));
    if (group == kErasureDeadline) {
      return DecideErasureDeadline(typed(state).erasure(), facts, &ErasureAs<Event>);
    }
    const auto due = all->due_.find(group);
    return due == all->due_.end()
               ? Decision::NoEffect("deadline_of_nothing")
               : due->second.decide(typed(state), name.substr(group.size() + 1), facts);
  };
  made.correspondence_target = key;
  made.letter_target = [kinds = made.letters, key](
                           const LetterPlace& place,
                           const v1::Body& body) -> std::optional<std::string> {
    return kinds.contains(KindOf(body).first) ? std::optional(key(place)) : std::nullopt;
  };
  made.decide_letter = [all, typed, key](const Message& state, const LetterPlace& place,
                                         const v1::Body& body, const Facts& facts) {
    if (typed(state).has_erasure()) {
      return DecideErased(typed(state).erasure(), place, key(place), body, facts,
                          &ErasureAs<Event>);
    }
    const auto [kind, told] = KindOf(body);
    return all->letters_.at(kind)({typed(state), place, body, facts}, *told);
  };
  return made;
}

}  // namespace exitbus::exchange
